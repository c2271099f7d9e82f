/**
 * One call, from audio to redacted text:
 *
 *     input -> queue -> VAD -> a recogniser per channel -> one order of finals -> redaction -> sentiment -> events
 *
 * The stages run side by side and each pulls from the one before, so a client that does not read stops the
 * socket in the end, and nothing between is unbounded.
 */
import { ChannelRecognizer, type RecognizerEvent } from '../asr/streaming/channel-recognizer.ts';
import { type AudioChunk, samplesToMs } from '../domain/audio.ts';
import type { CallRedactor } from '../domain/call-redactor.ts';
import type { RawSegment, RedactedSegment, Sentiment } from '../domain/transcript.ts';
import { abortable, BoundedQueue, TaskGroup } from '../stream/index.ts';
import type { CallEvent } from './call-event.ts';
import type { CallInput } from './call-input.ts';
import type { CallOptions } from './call-options.ts';
import type { CallStages, SpeechInput } from './call-stages.ts';
import { FinalOrder } from './final-order.ts';
import { StatisticsCounter } from './statistics-counter.ts';

/** Audio that may wait between the socket and VAD. */
const AUDIO_QUEUE_MS = 10_000;
/** Events that may wait for a client that reads slowly. */
const EVENT_QUEUE_LENGTH = 64;
/** Finals that may wait for redaction; above it the recogniser waits. */
const FINAL_QUEUE_LENGTH = 16;
/** A window holds a whole segment; some room is left for the padding that VAD adds. */
const WINDOW_MARGIN_MS = 500;

/**
 * Events of one call until its input ends: partials and finals in order, then a summary.
 * Leaving the iteration or firing `signal` frees everything at once.
 * Throws what the input throws; ServiceError `unavailable` when the engine cannot go on.
 */
export async function* transcribeCall(
  input: AsyncIterable<CallInput>,
  options: CallOptions,
  stages: CallStages,
  signal: AbortSignal,
): AsyncGenerator<CallEvent, void, undefined> {
  const call = new Call(input, options, stages, signal);
  try {
    yield* call.run();
  } finally {
    await call.stop();
  }
}

class Call {
  readonly #input: AsyncIterable<CallInput>;
  readonly #options: CallOptions;
  readonly #stages: CallStages;
  readonly #tasks: TaskGroup;
  readonly #redactor: CallRedactor;
  readonly #audio = new BoundedQueue<SpeechInput>({
    bound: AUDIO_QUEUE_MS,
    cost: (item) => (item === 'flush' ? 0 : samplesToMs(item[0]?.samples.length ?? 0)),
  });
  readonly #recognized = new BoundedQueue<RawSegment>({ bound: FINAL_QUEUE_LENGTH, cost: () => 1 });
  readonly #events = new BoundedQueue<CallEvent>({ bound: EVENT_QUEUE_LENGTH, cost: () => 1 });
  readonly #order: FinalOrder<FinalInOrder>;
  readonly #statistics = new StatisticsCounter();
  readonly #lastPartial: RedactedSegment[] = [];
  /** Aborted by an opt-out: recognition stops while the call lives on to say so. */
  readonly #recognition = new AbortController();

  constructor(
    input: AsyncIterable<CallInput>,
    options: CallOptions,
    stages: CallStages,
    signal: AbortSignal,
  ) {
    this.#input = input;
    this.#options = options;
    this.#stages = stages;
    this.#tasks = new TaskGroup(signal);
    this.#redactor = stages.createRedactor(options.redaction);
    this.#order = new FinalOrder(options.roles.length);
  }

  async *run(): AsyncGenerator<CallEvent, void, undefined> {
    this.#tasks.run(() => this.#feed());
    this.#tasks.run(() => this.#recognize());
    this.#tasks.run(() => this.#redact());
    void this.#tasks.done().then(
      () => this.#events.close(),
      (error: unknown) => this.#events.fail(error),
    );
    yield* this.#events;
  }

  async stop(): Promise<void> {
    this.#tasks.stop(new Error('the call is over'));
    await this.#tasks.done().catch(() => {});
    await this.#redactor[Symbol.asyncDispose]();
  }

  /** Input to the audio queue; when that is full, the socket is not read. */
  async #feed(): Promise<void> {
    const signal = this.#tasks.signal;
    let paused = false;
    for await (const item of abortable(this.#input, signal)) {
      switch (item.type) {
        case 'audio':
          this.#statistics.audio(item.chunks[0]?.samples.length ?? 0, paused);
          await this.#audio.push(paused ? item.chunks.map(silenced) : item.chunks, signal);
          break;
        case 'pause':
          paused = true;
          await this.#audio.push('flush', signal);
          break;
        case 'resume':
          paused = false;
          break;
        case 'flush':
          await this.#audio.push('flush', signal);
          break;
        case 'opt-out':
          return this.#optOut();
      }
    }
    this.#audio.close();
  }

  /** Stops recognition at once and drops what is buffered; what is still in redaction is not shown either. */
  async #optOut(): Promise<void> {
    this.#recognition.abort();
    await this.#events.push(
      { type: 'opted-out', atSample: this.#statistics.audioSamples },
      this.#tasks.signal,
    );
  }

  async #recognize(): Promise<void> {
    const signal = AbortSignal.any([this.#tasks.signal, this.#recognition.signal]);
    const recognizers = this.#options.roles.map((_, channel) => this.#recognizerOf(channel, signal));
    const endpoint = {
      endpointSilenceMs: this.#options.endpointSilenceMs,
      maxSegmentMs: samplesToMs(this.#stages.engine.windowSamples) - WINDOW_MARGIN_MS,
    };
    try {
      const speech = this.#stages.detectSpeech(this.#audio, endpoint, signal);
      for await (const event of abortable(speech, signal)) {
        await recognizers[event.channel]!.handle(event);
      }
      await Promise.all(recognizers.map((recognizer) => recognizer.finish()));
      for (const channel of recognizers.keys()) await this.#pass(this.#order.end(channel), signal);
    } catch (error) {
      if (!this.#recognition.signal.aborted) throw error;
    } finally {
      for (const recognizer of recognizers) recognizer[Symbol.dispose]();
    }
    this.#recognized.close();
  }

  #recognizerOf(channel: number, signal: AbortSignal): ChannelRecognizer {
    return new ChannelRecognizer(
      this.#stages.engine,
      {
        callKey: this.#options.callKey,
        channel,
        role: this.#options.roles[channel]!,
        languages: this.#options.languages,
        hotWords: this.#options.hotWords,
        wordTimes: this.#options.wordInfo,
        live: this.#options.live,
        interimIntervalMs: this.#options.interimIntervalMs,
      },
      (event) => this.#onRecognized(channel, event, signal),
      signal,
    );
  }

  async #onRecognized(channel: number, event: RecognizerEvent, signal: AbortSignal): Promise<void> {
    switch (event.type) {
      case 'partial':
        return this.#recognized.push(event.segment, signal);
      case 'final-pending':
        return this.#order.announce(channel, event.segmentId, event.decidedSample);
      case 'final': {
        const { segment, shown } = event;
        this.#statistics.speech(segment.endSample - segment.startSample);
        return this.#pass(this.#order.complete(channel, segment.segmentId, { segment, shown }), signal);
      }
      case 'progress':
        return this.#pass(this.#order.progress(channel, event.position), signal);
      case 'language':
        return this.#events.push(
          {
            type: 'language-detected',
            channel,
            language: event.language,
            probability: event.probability,
          },
          signal,
        );
    }
  }

  async #pass(finals: readonly FinalInOrder[], signal: AbortSignal): Promise<void> {
    // Pushed in one go: other finals must not come between them while one waits for room.
    await Promise.all(
      finals.filter(({ shown }) => shown).map(({ segment }) => this.#recognized.push(segment, signal)),
    );
  }

  async #redact(): Promise<void> {
    for await (const segment of abortable(this.#recognized, this.#tasks.signal)) {
      if (this.#recognition.signal.aborted) continue;
      if (segment.isFinal) await this.#redactFinal(segment);
      else await this.#redactPartial(segment);
    }
    await this.#events.push({ type: 'summary', statistics: this.#statistics.total() }, this.#tasks.signal);
  }

  /** A partial that shows nothing new is not sent: most of a number, say, is the same mask for seconds. */
  async #redactPartial(raw: RawSegment): Promise<void> {
    const segment = await this.#redactor.partial(raw);
    const last = this.#lastPartial[raw.channel];
    if (last?.segmentId === segment.segmentId && last.text === segment.text) return;
    this.#lastPartial[raw.channel] = segment;
    await this.#show(segment);
  }

  async #redactFinal(raw: RawSegment): Promise<void> {
    const segment = await this.#redactor.final(raw);
    await this.#show(segment, await this.#sentimentOf(segment));
  }

  async #sentimentOf(segment: RedactedSegment): Promise<Sentiment | undefined> {
    if (!this.#options.sentiment || segment.withheld !== undefined || segment.text === '') return undefined;
    return this.#stages.scoreSentiment(segment.text, this.#tasks.signal);
  }

  async #show(segment: RedactedSegment, sentiment?: Sentiment): Promise<void> {
    if (this.#recognition.signal.aborted) return;
    this.#statistics.segment(segment);
    await this.#events.push({ type: 'segment', segment, sentiment }, this.#tasks.signal);
  }
}

interface FinalInOrder {
  readonly segment: RawSegment;
  readonly shown: boolean;
}

/** Paused audio keeps its place on the clock; what was said in it goes no further. */
function silenced(chunk: AudioChunk): AudioChunk {
  return { ...chunk, samples: new Float32Array(chunk.samples.length) };
}

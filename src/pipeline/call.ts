/**
 * One call, from audio to redacted text:
 *
 *     input -> queue -> VAD -> a recogniser per channel -> one order of finals -> redaction -> sentiment -> events
 *
 * The stages run side by side and each pulls from the one before, so a client that does not read stops the
 * socket in the end, and nothing between is unbounded.
 */
import { ChannelRecognizer, type RecognizerEvent } from '../asr/streaming/channel-recognizer.ts';
import { type AudioChunk, type SpeakerRole, samplesToMs } from '../domain/audio.ts';
import type { CallRedactor } from '../domain/call-redactor.ts';
import { SPECIAL_CATEGORY_TYPES } from '../domain/entity.ts';
import type { Original } from '../domain/originals.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { RawSegment, RedactedSegment, Sentiment } from '../domain/transcript.ts';
import { withheldSegment } from '../redact/index.ts';
import { abortable, BoundedQueue, orAborted, TaskGroup } from '../stream/index.ts';
import type { CallEvent } from './call-event.ts';
import type { CallInput } from './call-input.ts';
import type { CallOptions } from './call-options.ts';
import type { CallStages, SpeechInput } from './call-stages.ts';
import { CheckpointKeeper } from './checkpoint-keeper.ts';
import { FinalOrder } from './final-order.ts';
import { PauseLog } from './pause-log.ts';
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
  readonly #recognized = new BoundedQueue<Recognized>({ bound: FINAL_QUEUE_LENGTH, cost: () => 1 });
  readonly #events = new BoundedQueue<CallEvent>({ bound: EVENT_QUEUE_LENGTH, cost: () => 1 });
  readonly #order: FinalOrder<FinalInOrder>;
  readonly #statistics: StatisticsCounter;
  readonly #pauses: PauseLog;
  readonly #checkpoints: CheckpointKeeper;
  /** A checkpoint for the sake of quiet is on its way to redaction. */
  #checkpointAsked = false;
  readonly #lastPartial: RedactedSegment[] = [];
  /** What redaction masked in the final it is at; only where they are kept. */
  #originals: readonly Original[] = [];
  /** Recognition has yet to begin; the audio so far is skipped like that of a pause. */
  #waiting: boolean;
  /** Aborted by an opt-out or the policy: recognition stops while the call lives on to say so. */
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
    const from = options.checkpoints?.from;
    this.#redactor = stages.createRedactor(
      options.redaction,
      from?.redactor,
      options.keepOriginals && ((originals) => (this.#originals = originals)),
    );
    this.#statistics = new StatisticsCounter(from?.statistics);
    this.#waiting = from?.waiting ?? (options.begins ?? 'at-once') !== 'at-once';
    this.#pauses = new PauseLog({
      paused: from?.paused ?? this.#waiting,
      at: from?.start.output ?? 0,
      pausedSamples: from?.statistics.pausedSamples ?? 0,
    });
    this.#checkpoints = new CheckpointKeeper(options.roles.length, options.checkpoints);
    this.#order = new FinalOrder(
      options.roles.length,
      from?.channels.map(({ detection }) => detection?.segmenter.now ?? 0),
    );
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
    const signal = AbortSignal.any([this.#tasks.signal, this.#recognition.signal]);
    try {
      await this.#feedUntil(signal);
    } catch (error) {
      if (!this.#recognition.signal.aborted) throw error;
    }
  }

  async #feedUntil(signal: AbortSignal): Promise<void> {
    for await (const item of abortable(this.#input, signal)) {
      switch (item.type) {
        case 'audio':
          await this.#feedAudio(item.chunks, signal);
          break;
        case 'pause':
          this.#pauses.pause(this.#statistics.audioSamples);
          await this.#audio.push('flush', signal);
          break;
        case 'resume':
          if (!this.#waiting) this.#pauses.resume(this.#statistics.audioSamples);
          break;
        case 'start':
          await this.#start(item.announcedBy, signal);
          break;
        case 'flush':
          await this.#audio.push('flush', signal);
          break;
        case 'opt-out':
          return this.#stop({ type: 'opted-out', atSample: this.#statistics.audioSamples });
      }
    }
    this.#audio.close();
  }

  async #feedAudio(chunks: readonly AudioChunk[], signal: AbortSignal): Promise<void> {
    const { isPaused } = this.#pauses;
    this.#statistics.audio(chunks[0]?.samples.length ?? 0, isPaused);
    await this.#audio.push(isPaused ? chunks.map(silenced) : chunks, signal);
  }

  async #start(announcedBy: SpeakerRole, signal: AbortSignal): Promise<void> {
    if (!this.#waiting || this.#options.begins === 'never') return;
    this.#waiting = false;
    const atSample = this.#statistics.audioSamples;
    this.#pauses.resume(atSample);
    await this.#events.push({ type: 'started', atSample, announcedBy }, signal);
  }

  /**
   * Stops recognition at once and drops what is buffered: audio, what waits for redaction, and events that the
   * client has not read. What is in redaction just now is not shown either.
   */
  async #stop(event: CallEvent & { readonly type: 'opted-out' | 'stopped' }): Promise<void> {
    if (this.#recognition.signal.aborted) return;
    this.#recognition.abort();
    this.#audio.fail(new ServiceError('cancelled', 'recognition was stopped'));
    this.#recognized.clear();
    this.#events.clear();
    await this.#events.push(event, this.#tasks.signal);
  }

  async #recognize(): Promise<void> {
    const signal = AbortSignal.any([this.#tasks.signal, this.#recognition.signal]);
    const recognizers = this.#options.roles.map((_, channel) => this.#recognizerOf(channel, signal));
    const endpoint = {
      endpointSilenceMs: this.#options.endpointSilenceMs,
      maxSegmentMs: samplesToMs(this.#stages.engine.windowSamples) - WINDOW_MARGIN_MS,
    };
    try {
      const speech = this.#stages.detectSpeech(this.#audio, endpoint, signal, this.#checkpoints.resumption);
      for await (const event of abortable(speech, signal)) {
        if (event.type === 'speech-end') this.#checkpoints.ended(event.channel);
        await recognizers[event.channel]!.handle(event);
        if (event.type === 'progress' && event.state) {
          this.#checkpoints.detected(event.channel, event.state);
          await this.#askForCheckpoint(signal);
        }
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

  /** Nobody has said anything for a while: what was quiet need not be sent again. */
  async #askForCheckpoint(signal: AbortSignal): Promise<void> {
    if (this.#checkpointAsked || !this.#checkpoints.isDue) return;
    this.#checkpointAsked = true;
    await this.#recognized.push({ type: 'checkpoint' }, signal);
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
        from: this.#checkpoints.recognizedBefore(channel),
      },
      (event) => this.#onRecognized(channel, event, signal),
      signal,
    );
  }

  async #onRecognized(channel: number, event: RecognizerEvent, signal: AbortSignal): Promise<void> {
    switch (event.type) {
      case 'partial':
        return this.#recognized.push(event, signal);
      case 'final-pending':
        return this.#order.announce(channel, event.segmentId, event.decidedSample);
      case 'final': {
        return this.#pass(this.#order.complete(channel, event.segment.segmentId, event), signal);
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
    await Promise.all(finals.map((final) => this.#recognized.push(final, signal)));
  }

  async #redact(): Promise<void> {
    // At once: the client learns that the call is taken, and can resume it from its start.
    await this.#tellCheckpoint();
    for await (const recognized of abortable(this.#recognized, this.#tasks.signal)) {
      if (this.#recognition.signal.aborted) continue;
      try {
        await orAborted(this.#redactNext(recognized), this.#tasks.signal);
      } catch (error) {
        // Before the queue is left: the stages that push into it would fail too, and this is the cause.
        this.#tasks.stop(error);
        throw error;
      }
    }
    await this.#events.push({ type: 'summary', statistics: this.#statistics.total() }, this.#tasks.signal);
  }

  async #redactNext(recognized: Recognized): Promise<void> {
    switch (recognized.type) {
      case 'partial':
        return this.#redactPartial(recognized.segment);
      case 'final':
        await this.#redactFinal(recognized);
        return this.#tellCheckpoint();
      case 'checkpoint':
        this.#checkpointAsked = false;
        return this.#tellCheckpoint();
    }
  }

  /** A partial that shows nothing new is not sent: most of a number, say, is the same mask for seconds. */
  async #redactPartial(raw: RawSegment): Promise<void> {
    const segment = await this.#redactor.partial(raw);
    const last = this.#lastPartial[raw.channel];
    if (last?.segmentId === segment.segmentId && last.text === segment.text) return;
    this.#lastPartial[raw.channel] = segment;
    await this.#show(segment);
  }

  async #redactFinal({ segment: raw, shown, language }: FinalInOrder): Promise<void> {
    this.#statistics.speech(raw.endSample - raw.startSample);
    if (shown) {
      const segment = await this.#ruled(await this.#redactor.final(raw));
      const originals = this.#originals;
      this.#originals = [];
      if (segment) {
        const kept = this.#keepOriginals(segment, originals);
        const [sentiment] = await Promise.all([this.#sentimentOf(segment), kept]);
        await this.#show(segment, sentiment);
      }
    }
    this.#checkpoints.out(raw.channel, language);
  }

  /** The final as the rule on special categories leaves it; undefined if it stops the call. */
  async #ruled(segment: RedactedSegment): Promise<RedactedSegment | undefined> {
    const rule = this.#options.specialCategories ?? 'mask';
    if (rule === 'mask' || !segment.entities.some(({ type }) => SPECIAL_CATEGORY_TYPES.has(type)))
      return segment;
    if (rule === 'stop') {
      await this.#stop({ type: 'stopped', atSample: segment.endSample, cause: 'special-category' });
      return undefined;
    }
    return withheldSegment(segment, 'policy');
  }

  /** A final is shown when what it masks is kept. What the policy withholds is not kept either. */
  async #keepOriginals(segment: RedactedSegment, originals: readonly Original[]): Promise<void> {
    const { keepOriginals } = this.#options;
    if (keepOriginals === undefined || originals.length === 0 || segment.withheld !== undefined) return;
    if (this.#recognition.signal.aborted) return;
    await orAborted(keepOriginals(this.#statistics.entities, originals), this.#tasks.signal);
  }

  async #tellCheckpoint(): Promise<void> {
    if (this.#recognition.signal.aborted) return;
    const checkpoint = this.#checkpoints.next({
      waiting: this.#waiting,
      pauses: this.#pauses,
      redactor: this.#redactor,
      statistics: this.#statistics,
    });
    if (checkpoint) await this.#events.push(checkpoint, this.#tasks.signal);
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

type FinalInOrder = RecognizerEvent & { readonly type: 'final' };

/** What waits for redaction, in order. */
type Recognized =
  | (RecognizerEvent & { readonly type: 'partial' })
  | FinalInOrder
  | { readonly type: 'checkpoint' };

/** Paused audio keeps its place on the clock; what was said in it goes no further. */
function silenced(chunk: AudioChunk): AudioChunk {
  return { ...chunk, samples: new Float32Array(chunk.samples.length) };
}

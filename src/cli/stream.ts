import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { decodeRecording } from '../audio/index.ts';
import type { CallEvent, SottoClient, SpeakerRole, TranscriptSegment } from '../client/index.ts';
import { type AudioChunk, PIPELINE_RATE_HZ } from '../domain/audio.ts';
import { ServiceError } from '../domain/service-error.ts';
import type { CliContext } from './cli-context.ts';
import { UsageError } from './failure.ts';
import { writeLine } from './output.ts';
import {
  addDeclarationOptions,
  addOperatorOptions,
  addServerOptions,
  clientOf,
  type DeclarationOptions,
  declarationOf,
  type GlobalOptions,
  type LanguageOptions,
  languageOption,
  type OperatorOptions,
  type ServerOptions,
} from './shared-options.ts';
import { segmentLine, summaryLine } from './transcript-lines.ts';

/** What telephony sends: 20 ms a packet. */
const PACKET_MS = 20;
const PACKET_SAMPLES = (PIPELINE_RATE_HZ * PACKET_MS) / 1000;
const CONNECT_MS = 5000;
const MAX_FILE_MS = 24 * 3_600_000;

interface Options extends GlobalOptions, LanguageOptions, OperatorOptions, ServerOptions, DeclarationOptions {
  readonly json?: boolean;
  readonly realtime?: boolean;
  readonly sentiment: boolean;
  readonly partials: boolean;
}

export function streamCommand(context: CliContext): Command {
  const command = new Command('stream')
    .description(
      'Play a recording to a server as a live call, in packets of 20 ms, and show what comes back.',
    )
    .argument('<file>')
    .option('--realtime', 'as fast as it was spoken; else as fast as the server takes it')
    .addOption(languageOption())
    .option('--json', 'one JSON line per event')
    .option('--no-partials', 'finals only')
    .option('--no-sentiment', 'do not score sentiment');
  addOperatorOptions(command);
  addServerOptions(command);
  addDeclarationOptions(command, 'live-assistance');
  return command.action(async (file: string, _options: object, self: Command) => {
    const options = self.optsWithGlobals<Options>();
    if (!options.server) throw new UsageError('--server host:port is missing; `sotto serve` starts one');
    const config = context.loadConfig(options.config);
    await using client = clientOf(options);
    await answering(client, options.server);
    await using recording = await decodeRecording(
      { path: file },
      { field: file, ffmpegPath: config.audio.ffmpegBin, maxDurationMs: MAX_FILE_MS, signal: context.signal },
    );
    const roles: SpeakerRole[] = recording.channels === 1 ? ['caller'] : ['caller', 'agent'];
    const started = performance.now();
    const packets = packetsOf(recording.chunks);
    const events = client.stream(options.realtime ? paced(packets, started, context.signal) : packets, {
      declaration: declarationOf(options),
      encoding: 'LINEAR16',
      sampleRateHz: PIPELINE_RATE_HZ,
      channels: roles,
      languages: options.language,
      interimResults: options.partials,
      redaction: { defaultOperator: options.defaultOperator, operators: options.operator },
      sentiment: options.sentiment,
      signal: context.signal,
    });
    const delays = new FinalDelays(started);
    const screen = options.json ? new JsonScreen(context) : new LineScreen(context);
    for await (const event of events) {
      delays.observe(event);
      await screen.show(event);
    }
    if (options.realtime && !options.json) await writeLine(context.stdout, delays.line());
  });
}

/** A call that broke waits for a server; one that never began should say so at once. */
async function answering(client: SottoClient, server: string): Promise<void> {
  await client.waitForReady(CONNECT_MS).catch((cause: unknown) => {
    const message = `no server answers at ${server}; is \`sotto serve\` running there?`;
    throw new ServiceError('unavailable', message, { cause });
  });
}

/** Interleaved 16-bit little-endian packets. */
async function* packetsOf(
  chunks: AsyncIterable<readonly AudioChunk[]>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let rest: readonly Float32Array[] = [];
  for await (const next of chunks) {
    const channels = next.map(({ samples }, channel) => concat(rest[channel], samples));
    const length = channels[0]?.length ?? 0;
    let start = 0;
    for (; start + PACKET_SAMPLES <= length; start += PACKET_SAMPLES) {
      yield packet(channels.map((samples) => samples.subarray(start, start + PACKET_SAMPLES)));
    }
    rest = channels.map((samples) => samples.subarray(start));
  }
  if (rest[0]?.length) yield packet(rest);
}

function packet(channels: readonly Float32Array[]): Uint8Array {
  const frames = channels[0]!.length;
  const bytes = Buffer.alloc(frames * channels.length * 2);
  let offset = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (const samples of channels) {
      const value = Math.round(samples[frame]! * 32_767);
      offset = bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, value)), offset);
    }
  }
  return bytes;
}

function concat(before: Float32Array | undefined, samples: Float32Array): Float32Array {
  if (!before || before.length === 0) return samples;
  const joined = new Float32Array(before.length + samples.length);
  joined.set(before);
  joined.set(samples, before.length);
  return joined;
}

/** Each packet when its last sample would have been spoken; a late one does not delay the others. */
async function* paced(
  packets: AsyncIterable<Uint8Array>,
  started: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let dueMs = 0;
  for await (const bytes of packets) {
    dueMs += PACKET_MS;
    const waitMs = started + dueMs - performance.now();
    if (waitMs > 1) await sleep(waitMs, undefined, { signal });
    yield bytes;
  }
}

/** How long after the end of speech each final came; endpointing included. */
class FinalDelays {
  readonly #started: number;
  readonly #delaysMs: number[] = [];

  constructor(started: number) {
    this.#started = started;
  }

  observe(event: CallEvent): void {
    if (event.type === 'segment' && event.segment.isFinal) {
      this.#delaysMs.push(performance.now() - this.#started - event.segment.endMs);
    }
  }

  line(): string {
    const sorted = this.#delaysMs.sort((a, b) => a - b);
    if (sorted.length === 0) return 'no finals';
    const at = (part: number) =>
      Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!);
    return `finals came ${at(0.5)} ms (median) to ${at(1)} ms (latest) after the end of their segment`;
  }
}

interface Screen {
  show(event: CallEvent): Promise<void>;
}

class JsonScreen implements Screen {
  readonly #context: CliContext;

  constructor(context: CliContext) {
    this.#context = context;
  }

  show(event: CallEvent): Promise<void> {
    return writeLine(this.#context.stdout, JSON.stringify(event), this.#context.signal);
  }
}

/** Finals stay; on a terminal the newest partial stands in one line below them and is overwritten. */
class LineScreen implements Screen {
  readonly #context: CliContext;

  constructor(context: CliContext) {
    this.#context = context;
  }

  async show(event: CallEvent): Promise<void> {
    switch (event.type) {
      case 'segment':
        return this.#segment(event.segment);
      case 'language-detected':
        return this.#line(
          `channel ${event.channel} speaks ${event.language} (${Math.round(event.confidence * 100)} %)`,
        );
      case 'opted-out':
        return this.#line('a party opted out: nothing more is recognised');
      case 'pace':
        return this.#line(event.message);
      case 'summary':
        return this.#line(summaryLine(event.summary));
    }
  }

  async #segment(segment: TranscriptSegment): Promise<void> {
    const line = segmentLine(segment);
    if (segment.isFinal || !this.#context.isTerminal) return this.#line(line);
    const width = (this.#context.stderr as { columns?: number }).columns ?? 80;
    this.#context.stderr.write(`\r\x1b[K${line.length < width ? line : `…${line.slice(2 - width)}`}`);
  }

  async #line(line: string): Promise<void> {
    if (this.#context.isTerminal) this.#context.stderr.write('\r\x1b[K');
    await writeLine(this.#context.stdout, line, this.#context.signal);
  }
}

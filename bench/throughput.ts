/**
 * How fast recordings go through the engine: real-time factor by the number of files at once, against the bare graphs
 * (encoder and generation graph, nothing else) on the same machine in the same run.
 *
 *     npx node bench/throughput.ts [--files demo/calls/*.wav] [--at-once 1,2,4] [--model models/embedded/asr] [--check]
 *
 * Whole pipeline: decoding, speech detection, recognition, redaction; no sentiment. Bare: all speech of the files in windows
 * of the model's length, one after another. Bar: the pipeline takes at most 1.25 times as long as the bare graphs.
 */

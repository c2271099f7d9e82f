import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CrossAttention, GenerationGraphSpec } from './contract.ts';
import { crossModel } from './cross-attention.ts';
import { type GenerationRules, generationModel } from './generation-loop.ts';
import { writeModel } from './onnx-file.ts';
import { type DecoderFiles, readPublishedDecoder } from './published-decoder.ts';
import { quantizeByRow } from './row-quantization.ts';

export interface CompileOptions {
  readonly decoder: DecoderFiles;
  readonly rules: GenerationRules;
  /** Path of the graph to write, in the folder of the decoder; the cross graph and the spec go beside it. */
  readonly output: string;
  readonly crossAttention: CrossAttention;
}

/**
 * Compiles a published decoder into the graphs of contract.ts. Takes seconds; done once, when a model is
 * installed. The same files and rules give the same bytes.
 */
export async function compileGenerationGraph(options: CompileOptions): Promise<GenerationGraphSpec> {
  const { rules, output, crossAttention } = options;
  const decoder = await readPublishedDecoder(options.decoder);
  await quantizeByRow(decoder.step);
  if (decoder.vocabularySize !== rules.vocabularySize) {
    throw new Error(
      `the decoder has a vocabulary of ${decoder.vocabularySize}, its configuration ${rules.vocabularySize}`,
    );
  }
  const crossPath = crossAttention === 'state' ? output.replace(/(\.onnx)?$/, '_cross.onnx') : undefined;
  const spec: GenerationGraphSpec = {
    contractVersion: 1,
    generationFile: basename(output),
    crossFile: crossPath && basename(crossPath),
    crossAttention,
    layers: decoder.layers,
    heads: decoder.heads,
    headSize: decoder.headSize,
    hiddenSize: decoder.hiddenSize,
    vocabularySize: decoder.vocabularySize,
    maxTargetPositions: rules.maxTargetPositions,
    endOfText: rules.endOfText,
    timestampBegin: rules.noTimestamps + 1,
    alignmentHeads: alignmentHeads(rules, decoder),
    languageTokens: rules.languageTokens,
  };
  if (crossPath) await writeModel(crossModel(decoder, spec), crossPath);
  await writeModel(generationModel(decoder, rules, spec), output);
  await writeFile(specPath(output), `${JSON.stringify(spec, undefined, 2)}\n`);
  return spec;
}

/** Where the spec of a compiled graph is. */
export function specPath(graphPath: string): string {
  return graphPath.replace(/(\.onnx)?$/, '.json');
}

/** In the order in which the graph has them: by layer. */
function alignmentHeads(
  rules: GenerationRules,
  { layers, heads }: { layers: number; heads: number },
): [number, number][] {
  const all = Array.from({ length: layers * heads }, (_, i): [number, number] => [
    Math.floor(i / heads),
    i % heads,
  ]);
  const wanted = new Set(rules.alignmentHeads.map(String));
  return wanted.size > 0
    ? all.filter((head) => wanted.has(String(head)))
    : all.filter(([layer]) => layer >= Math.floor(layers / 2));
}

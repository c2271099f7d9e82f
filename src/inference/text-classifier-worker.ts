/**
 * A Piscina thread that holds one session of a text classifier. Loaded once, at the start of the thread;
 * a thread is only ended when it is idle (ending it in mid-run aborts the process).
 */
import { workerData } from 'node:worker_threads';
import { floats, openSession, tensorOf } from './onnx-session.ts';
import type {
  ClassifierBatch,
  ClassifierGraph,
  ClassifierLogits,
  ClassifierTask,
  ClassifierThreadData,
} from './text-classifier-messages.ts';

const { modelPath } = workerData as ClassifierThreadData;
const session = await openSession(modelPath, { executionProviders: ['cpu'], threads: 1 });

export default async function run(task: ClassifierTask): Promise<ClassifierLogits | ClassifierGraph> {
  if (task.type === 'describe') {
    return { inputs: [...session.inputs.values()], outputs: [...session.outputs.values()] };
  }
  const outputs = await session.run(feedsOf(task), ['logits']);
  return { logits: floats(outputs.logits), shape: outputs.logits!.dims };
}

function feedsOf({ rows, length, inputIds, attentionMask, tokenTypeIds }: ClassifierBatch) {
  const shape = [rows, length];
  const all = {
    input_ids: tensorOf('int64', inputIds, shape),
    attention_mask: tensorOf('int64', attentionMask, shape),
    token_type_ids: tensorOf('int64', tokenTypeIds, shape),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => session.inputs.has(name)));
}

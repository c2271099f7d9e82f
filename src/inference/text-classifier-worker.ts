/**
 * A Piscina thread that holds one session of a text classifier. Loaded once, at the start of the thread;
 * a thread is only ended when it is idle: ending it while it loads or runs a graph aborts the process.
 */
import { workerData } from 'node:worker_threads';
import { floats, type OnnxSession, openSession, tensorOf } from './onnx-session.ts';
import {
  BEGUN,
  type ClassifierBatch,
  type ClassifierGraph,
  type ClassifierLogits,
  type ClassifierTask,
  type ClassifierThreadData,
  DONE,
} from './text-classifier-messages.ts';

const { modelPath, progress } = workerData as ClassifierThreadData;
Atomics.add(progress, BEGUN, 1);
// Piscina would start thread after thread if loading threw: the tasks tell instead.
const opened = await openSession(modelPath, { executionProviders: ['cpu'], threads: 1 }).catch(
  (error: Error) => error,
);
Atomics.add(progress, DONE, 1);
Atomics.notify(progress, DONE);

export default async function run(task: ClassifierTask): Promise<ClassifierLogits | ClassifierGraph> {
  if (opened instanceof Error) throw opened;
  return answer(opened, task);
}

async function answer(
  session: OnnxSession,
  task: ClassifierTask,
): Promise<ClassifierLogits | ClassifierGraph> {
  if (task.type === 'describe') {
    return { inputs: [...session.inputs.values()], outputs: [...session.outputs.values()] };
  }
  const outputs = await session.run(feedsOf(session, task), ['logits']);
  return { logits: floats(outputs.logits), shape: outputs.logits!.dims };
}

function feedsOf(session: OnnxSession, batch: ClassifierBatch) {
  const { rows, length, inputIds, attentionMask, tokenTypeIds } = batch;
  const shape = [rows, length];
  const all = {
    input_ids: tensorOf('int64', inputIds, shape),
    attention_mask: tensorOf('int64', attentionMask, shape),
    token_type_ids: tensorOf('int64', tokenTypeIds, shape),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => session.inputs.has(name)));
}

export { abortable, abortError, joinSignals, orAborted, throwIfAborted } from './abort.ts';
export { BoundedQueue, type BoundedQueueOptions } from './bounded-queue.ts';
export { TaskGroup } from './task-group.ts';

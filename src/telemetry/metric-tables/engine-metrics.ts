/** The engine, the thread pools and the GPUs. */
import type { DecodePriority } from '../../domain/speech-engine.ts';
import { type MetricDefinitions, WORK_BUCKETS } from './metric-definition.ts';

const PRIORITY = ['live-final', 'live-partial', 'archive'] as const satisfies readonly DecodePriority[];

const POOL = ['vad', 'entities', 'sentiment'] as const;

const GPU = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14', '15'] as const;

const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128];

export const ENGINE_METRICS = {
  sotto_engine_up: {
    type: 'gauge',
    section: 'Engine',
    unit: '1 or 0',
    help: 'Whether the engine process runs; 0 while it restarts.',
  },
  sotto_engine_crashes_total: {
    type: 'counter',
    section: 'Engine',
    unit: 'crashes',
    help: 'Times that the engine process ended unasked; its windows are sent again.',
  },
  sotto_engine_restarts_total: {
    type: 'counter',
    section: 'Engine',
    unit: 'starts',
    help: 'Times that the engine process was back in service after a crash.',
  },
  sotto_engine_pending_windows: {
    type: 'gauge',
    section: 'Engine',
    unit: 'windows',
    labels: { priority: PRIORITY },
    help: 'Windows of speech that calls wait for, queued or at work.',
  },
  sotto_engine_windows_total: {
    type: 'counter',
    section: 'Engine',
    unit: 'windows',
    labels: { priority: PRIORITY, outcome: ['done', 'failed', 'cancelled', 'superseded'] },
    help: 'Windows of speech that the engine is done with. `superseded` partials made way for newer ones.',
  },
  sotto_engine_audio_seconds_total: {
    type: 'counter',
    section: 'Engine',
    unit: 'seconds',
    labels: { priority: PRIORITY },
    help: 'Speech in the windows given to the engine; partials give the same speech again and again.',
  },
  sotto_engine_window_seconds: {
    type: 'histogram',
    section: 'Engine',
    unit: 'seconds',
    buckets: WORK_BUCKETS,
    labels: { priority: PRIORITY, stage: ['queue', 'encode', 'decode'] },
    help: 'Time of a window in a stage of the engine; windows of a batch share its time.',
  },
  sotto_engine_real_time_factor_ratio: {
    type: 'histogram',
    section: 'Engine',
    unit: 'ratio',
    buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 2, 5],
    labels: { priority: PRIORITY },
    help: 'Time from asking for a window to its text, by the length of its speech: below 1 keeps up.',
  },
  sotto_engine_tokens_total: {
    type: 'counter',
    section: 'Engine',
    unit: 'tokens',
    help: 'Tokens decoded; its rate is tokens per second.',
  },
  sotto_engine_batch_rows: {
    type: 'histogram',
    section: 'Engine',
    unit: 'rows',
    buckets: BATCH_BUCKETS,
    help: 'Rows of the largest decoder batch that a window was part of.',
  },
  sotto_engine_resident_memory_bytes: {
    type: 'gauge',
    section: 'Engine',
    unit: 'bytes',
    help: 'Resident memory of the engine process; 0 while it restarts.',
  },

  sotto_pool_threads: {
    type: 'gauge',
    section: 'Text and speech pools',
    unit: 'threads',
    labels: { pool: POOL },
    help: 'Threads of a pool.',
  },
  sotto_pool_busy_threads: {
    type: 'gauge',
    section: 'Text and speech pools',
    unit: 'threads',
    labels: { pool: POOL },
    help: 'Threads of a pool that are at work.',
  },
  sotto_pool_waiting_rows: {
    type: 'gauge',
    section: 'Text and speech pools',
    unit: 'rows',
    labels: { pool: POOL },
    help: 'Texts or windows that wait for a thread of a pool.',
  },

  sotto_gpu_memory_used_bytes: {
    type: 'gauge',
    section: 'Process',
    unit: 'bytes',
    onlyWith: 'NVIDIA GPU',
    labels: { gpu: GPU },
    help: 'Memory in use on a GPU, by all processes, as nvidia-smi says.',
  },
  sotto_gpu_memory_total_bytes: {
    type: 'gauge',
    section: 'Process',
    unit: 'bytes',
    onlyWith: 'NVIDIA GPU',
    labels: { gpu: GPU },
    help: 'Memory of a GPU.',
  },
  sotto_gpu_utilization_ratio: {
    type: 'gauge',
    section: 'Process',
    unit: 'ratio',
    onlyWith: 'NVIDIA GPU',
    labels: { gpu: GPU },
    help: 'Part of the time in which a GPU was at work, as nvidia-smi says.',
  },
} as const satisfies MetricDefinitions;

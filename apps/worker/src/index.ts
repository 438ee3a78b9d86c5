export { createWorker, type Worker, type WorkerOptions } from './create-worker.ts';
export type { Log, WorkerParts } from './parts.ts';

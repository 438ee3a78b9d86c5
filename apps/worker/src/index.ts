export { createWorker, type Worker, type WorkerOptions } from './create-worker.ts';
export { healthApp } from './health-app.ts';
export type { Log, WorkerParts } from './parts.ts';

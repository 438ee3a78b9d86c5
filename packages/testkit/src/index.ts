/** Conformance suites: functions of their subject and of a test framework. */
export { type BroadcastConformanceOptions, broadcastConformance } from './broadcast-conformance.ts';
export type { TestFramework } from './framework.ts';
export { type QueueConformanceOptions, queueConformance } from './queue-conformance.ts';
export { type ResultStoreConformanceOptions, resultStoreConformance } from './result-store-conformance.ts';
export { type RunnerConformanceOptions, runnerConformance } from './runner-conformance.ts';

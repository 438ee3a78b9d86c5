/** The users' door: run tests, and compose the engine with parts of one's own. */
export { createContainer, DEFAULT_RESULTS } from './composition/create-container.ts';
export { loadExclusions } from './composition/load-exclusions.ts';
export { checkRequest, type RunTestOptions, runTest } from './composition/run-test.ts';
export { TOKENS } from './composition/tokens.ts';
export { directoryStore } from './embedded/directory-store.ts';
export { memoryBroadcast } from './embedded/memory-broadcast.ts';
export { memoryQueue } from './embedded/memory-queue.ts';
export type { EventListener } from './engine/event-stream.ts';
export { assertKnownRules, SKIPS, WAIVERS } from './engine/known-rules.ts';
export { nearest } from './engine/nearest.ts';
export type { ReportArtifact, TestOptions } from './engine/plan.ts';
export { isAbandoned, type ReapOptions, type ReapResult, reap } from './engine/reap.ts';
export { parseBaseline } from './engine/reference.ts';
export { formatDuration } from './engine/time-limit.ts';
export { currentOwner, KEPT, ownerState } from './machine/owner.ts';
export { removeAbandonedDirectories } from './machine/temporary-directory.ts';
export * from './plugin.ts';
export * from './reporters/index.ts';

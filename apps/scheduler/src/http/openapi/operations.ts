import { eventOperations } from '../event-operations.ts';
import { legacyOperations } from '../legacy-operations.ts';
import { serviceOperations } from '../service-operations.ts';
import { taskOperations } from '../task-operations.ts';
import type { Operations } from './operation.ts';

/**
 * What the document has: an entry for each route. A new route in `x-routes.ts` is described in `x-operations.ts` beside
 * it; `document.test.ts` fails for a route without an entry, and for an entry without a route.
 */
export const OPERATIONS: Operations = {
  ...taskOperations,
  ...eventOperations,
  ...legacyOperations,
  ...serviceOperations,
};

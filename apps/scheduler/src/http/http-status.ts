import type { ErrorCode } from '@alts/sdk/plugin';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** What each error is to a client of HTTP. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, ContentfulStatusCode>> = {
  invalid_request: 400,
  invalid_plugin: 500,
  wrong_system: 400,
  not_supported: 400,
  baseline_unusable: 400,
  suite_unusable: 400,
  artifact_not_found: 404,
  limit_exceeded: 413,
  internal: 500,
  runner_unavailable: 503,
  image_unavailable: 503,
  environment_lost: 503,
  repository_unavailable: 503,
  disk_full: 507,
  out_of_memory: 503,
  time_limit: 504,
  store_unavailable: 503,
  queue_unavailable: 503,
};

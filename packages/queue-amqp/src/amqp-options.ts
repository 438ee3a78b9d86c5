import { z } from 'zod';

const MINUTE = 60_000;
const milliseconds = (least: number) => z.coerce.number().int().min(least).max(86_400_000);
const Pem = z.string().startsWith('-----BEGIN ', 'must be PEM');

/** Options of the queue and the broadcast over RabbitMQ; names as configuration has them. */
export const AmqpOptions = z.strictObject({
  /** `amqp://user:password@host:port/vhost`, or `amqps://…` for TLS. */
  url: z.url({ protocol: /^amqps?$/, error: 'must be a URL that starts with amqp:// or amqps://' }),
  /** Certificate of the authority that signed the broker's. Left out: those that Node knows. */
  ca: Pem.optional(),
  /** Certificate and key of this client, where the broker wants them. */
  cert: Pem.optional(),
  key: Pem.optional(),
  heartbeatSeconds: z.coerce.number().int().min(1).max(3600).default(30),
  /** How long an operation waits for the broker to be there; then it is `queue_unavailable`. */
  timeoutMs: milliseconds(100).default(10_000),
  /** `quorum` survives the loss of a node of the cluster. */
  queueType: z.enum(['quorum', 'classic']).default('quorum'),
  /** Deliveries of one task until it is a dead letter, those counted that died with their worker. */
  maxAttempts: z.coerce.number().int().min(1).max(100).default(3),
  /** Until a task that shall be tried again is delivered again. */
  retryDelayMs: milliseconds(0).default(30_000),
  /**
   * A task that runs longer than this is held by a lease and no longer as an unacknowledged message, which a broker takes
   * back after its `consumer_timeout`: half an hour if nobody changed it. Must be shorter than that.
   */
  leaseAfterMs: milliseconds(100).default(5 * MINUTE),
  /** How long a lease holds without being renewed; then the task is delivered again. */
  leaseMs: milliseconds(1000).default(MINUTE),
  /** Longest time between two looks at queues that are empty. */
  pollMs: milliseconds(10).default(1000),
});
export type AmqpOptions = z.output<typeof AmqpOptions>;
export type AmqpOptionsInput = z.input<typeof AmqpOptions>;

import type { Declarations } from './amqp-declarations.ts';
import type { AmqpLink } from './amqp-link.ts';
import type { AmqpOptions } from './amqp-options.ts';
import type { Problems } from './amqp-problems.ts';
import type { AmqpPublisher } from './amqp-publisher.ts';
import type { LeaseNames } from './lease-names.ts';

/** What a queue on RabbitMQ works with. */
export interface AmqpParts {
  readonly options: AmqpOptions;
  /** For all but publishing. */
  readonly link: AmqpLink;
  readonly declarations: Declarations;
  readonly publisher: AmqpPublisher;
  readonly leaseNames: LeaseNames;
  readonly problems: Problems;
}

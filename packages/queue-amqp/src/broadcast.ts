import { definePlugin } from '@alts/sdk/plugin';
import { amqpBroadcast } from './amqp-broadcast.ts';
import { AmqpOptions } from './amqp-options.ts';

/** The other plugin of this package: `@alts/queue-amqp/broadcast`. */
export default definePlugin({ kind: 'broadcast', name: 'amqp', options: AmqpOptions, create: amqpBroadcast });

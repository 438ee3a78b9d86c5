import { definePlugin } from '@alts/sdk/plugin';
import { AmqpOptions } from './amqp-options.ts';
import { amqpQueue } from './amqp-queue.ts';

export { amqpBroadcast } from './amqp-broadcast.ts';
export { AmqpOptions, type AmqpOptionsInput } from './amqp-options.ts';
export { amqpQueue } from './amqp-queue.ts';

export default definePlugin({ kind: 'queue', name: 'amqp', options: AmqpOptions, create: amqpQueue });

import { QueueName } from '../fleet-config.ts';
import { replaced, type Translated, understood } from './note.ts';
import type { Settings } from './python-config.ts';

/**
 * The worker. Which queues it takes from was on Celery's command line and not in the file.
 * @param usual what workers take where the file names no queue of tasks
 */
export function workerOf(settings: Settings, usual: string): Translated<object> {
  const { task_default_queue: queue, excluded_tests_url: exclusions } = settings;
  const named = queue !== undefined && QueueName.safeParse(queue).success;
  const note = named
    ? understood('task_default_queue', 'worker.queues')
    : replaced(
        'task_default_queue',
        'worker.queues',
        `no task was ever in that queue; workers take ${usual}, or what --queues says (-Q of Celery)`,
      );
  return {
    part: { queues: [named ? queue : usual], ...(exclusions && { exclusions }) },
    notes: [note, understood('excluded_tests_url', 'worker.exclusions')],
  };
}

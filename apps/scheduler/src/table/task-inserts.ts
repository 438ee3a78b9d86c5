import { AltsError } from '@alts/sdk/plugin';
import { GroupCommit } from './group-commit.ts';
import { type NewTask, type NewTaskRow, outboxRowOf, taskRowOf } from './new-task.ts';
import type { OpenDatabase } from './open-database.ts';
import { RowInserts } from './row-inserts.ts';
import type { OutboxRow } from './schema.ts';

interface Accepting {
  readonly task: NewTask;
  /** JSON. */
  readonly request: string;
  readonly row: OutboxRow;
}

/** Puts tasks into the table, each together with what is to be published of it; those that come at a time, at a time. */
export class TaskInserts {
  readonly #together: OpenDatabase['together'];
  readonly #now: () => Date;
  readonly #committing: GroupCommit<Accepting>;
  readonly #tasks: RowInserts<NewTaskRow>;
  readonly #outbox: RowInserts<OutboxRow>;

  constructor({ db, together }: Pick<OpenDatabase, 'db' | 'together'>, now: () => Date) {
    this.#together = together;
    this.#now = now;
    this.#committing = new GroupCommit((tasks) => this.#insert(tasks));
    this.#tasks = new RowInserts((rows) => db.insertInto('tasks').values(rows).compile());
    this.#outbox = new RowInserts((rows) => db.insertInto('outbox').values(rows).compile());
  }

  /**
   * Resolves when all of them are on the disk; else none of them is.
   * @param dueAt when somebody else may publish them
   * @returns what is to be published, in their order
   * @throws {AltsError} `invalid_request` for an id that is taken; `store_unavailable`
   */
  async add(tasks: readonly NewTask[], dueAt: Date): Promise<OutboxRow[]> {
    const accepting = tasks.map((task) => {
      const request = JSON.stringify(task.message.request);
      return { task, request, row: outboxRowOf(task, request, dueAt) };
    });
    try {
      await this.#committing.add(accepting);
      return accepting.map(({ row }) => row);
    } catch (cause) {
      throw refusal(tasks, cause);
    }
  }

  async #insert(accepting: readonly Accepting[]): Promise<void> {
    const at = this.#now().toISOString();
    await this.#together([
      ...this.#tasks.of(accepting.map(({ task, request }) => taskRowOf(task, request, at))),
      ...this.#outbox.of(accepting.map(({ row }) => row)),
    ]);
  }
}

function refusal(tasks: readonly NewTask[], cause: unknown): AltsError {
  if (AltsError.is(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (!/unique|duplicate key/i.test(reason)) {
    return new AltsError('store_unavailable', `the task table refuses: ${reason}`, { cause });
  }
  const which = tasks.length === 1 ? `a task ${tasks[0]?.message.taskId}` : `one of these ${tasks.length} tasks`;
  return new AltsError('invalid_request', `taskId: there is ${which} already`, { cause });
}

/**
 * A complete runner of a third party: containers by the `docker` command, or any other that takes the same arguments.
 * It passes the conformance suite of `@alts/testkit`; see conformance.test.ts beside it.
 */
import { spawn } from 'node:child_process';
import { AltsError, definePlugin, environmentOver, type Lease, type Runner } from '@alts/sdk/plugin';
import { execa } from 'execa';
import { z } from 'zod';

const LEASE = 'example.alts.lease';
const Options = z.strictObject({ program: z.string().default('docker') });

function dockerCli({ program }: z.output<typeof Options>): Runner {
  /** Runs one `docker` command; what it says when it fails becomes the message of our error. */
  async function docker(argv: readonly string[], signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const { failed, stdout, stderr } = await execa(program, argv, { reject: false, stdin: 'ignore' });
    if (failed) throw new AltsError('runner_unavailable', `${program} ${argv[0]}: ${stderr || 'cannot be run'}`);
    return stdout;
  }

  const runner: Runner = {
    contract: 'runner/1',
    name: 'docker-cli',
    traits: new Set(['container', 'init']),

    async provision({ system, resources }, { lease, signal }) {
      const image = `${system.distribution}:${system.version}`;
      await docker(['image', 'inspect', image], signal).catch((cause) => {
        signal?.throwIfAborted();
        throw new AltsError('image_unavailable', `${image}: try ${program} pull ${image}`, { cause });
      });
      // The label is in the call that creates it. An abort waits for that call: only then is there an id to remove.
      const label = `${LEASE}=${JSON.stringify(lease)}`;
      const limits = ['--memory', `${resources.memoryMiB ?? 2048}m`, '--pids-limit', `${resources.processes ?? 4096}`];
      const id = await docker(['create', '--init', '--label', label, ...limits, image, 'sleep', 'infinity'], signal);
      try {
        await docker(['start', id], signal);
        signal?.throwIfAborted();
      } catch (error) {
        await runner.remove(id);
        throw error;
      }
      return environmentOver(
        { start: (argv) => spawn(program, ['exec', '-i', id, ...argv]) },
        { id, system, access: { enter: `${program} exec -it ${id} sh`, remove: `${program} rm -fv ${id}` } },
      );
    },

    async *list({ signal } = {}) {
      const format = `{{.ID}} {{.Label "${LEASE}"}}`;
      const lines = await docker(['ps', '-a', '--no-trunc', '--filter', `label=${LEASE}`, '--format', format], signal);
      for (const line of lines.split('\n').filter(Boolean)) {
        const lease: Lease = JSON.parse(line.slice(line.indexOf(' ')));
        yield { id: line.slice(0, line.indexOf(' ')), lease: { ...lease, deadline: new Date(lease.deadline) } };
      }
    },

    async remove(id) {
      await docker(['rm', '--force', '--volumes', id]).catch((error: Error) => {
        if (!/No such container|already in progress/.test(error.message)) throw error;
      });
    },
  };
  return runner;
}

export default definePlugin({ kind: 'runner', name: 'docker-cli', options: Options, create: dockerCli });

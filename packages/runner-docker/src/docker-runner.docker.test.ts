import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Resources, System } from '@alts/sdk/plugin';
import { describe, expect, it } from 'vitest';
import { dockerRunner } from './docker-runner.ts';
import { lease, printed, provisioned } from './environment.fixture.ts';
import { socketProxy } from './socket-proxy.fixture.ts';

const docker = async (...args: string[]): Promise<string> => (await promisify(execFile)('docker', args)).stdout.trim();
const spec = (system: string) => ({ system: System.parse(system), resources: Resources.parse({}) });

describe('a container of the Docker runner', () => {
  it('has its lease, its limits and an init, and neither privileges nor mounts', async () => {
    await using made = await provisioned({ memoryMiB: '256', processes: '99', cpus: '0.5' });
    const [container] = JSON.parse(await docker('inspect', made.environment.id));
    expect(container.Name).toMatch(/^\/alts-runner-docker-/);
    expect(Object.keys(container.Config.Labels)).toEqual(
      expect.arrayContaining(['org.alts.lease.task', 'org.alts.lease.owner', 'org.alts.lease.deadline']),
    );
    expect(container.HostConfig).toMatchObject({
      Init: true,
      Memory: 256 * 1024 * 1024,
      MemorySwap: 256 * 1024 * 1024,
      PidsLimit: 99,
      NanoCpus: 5e8,
      Privileged: false,
      Binds: null,
      CapAdd: null,
    });
    expect(container.Mounts).toEqual([]);
  });

  it('says its architecture and what it was made from', async () => {
    await using made = await provisioned();
    const id = await docker('image', 'inspect', '--format', '{{.Id}}', 'debian:12');
    expect(made.environment.image).toEqual({ name: 'debian:12', digest: id });
    expect(made.environment.system.architecture).toBe((await printed(made.environment, 'uname -m')).trim());
  });

  it('inherits the settings of the proxy', async () => {
    process.env['no_proxy'] = 'localhost,.example';
    try {
      await using made = await provisioned();
      expect(await printed(made.environment, 'echo "$no_proxy"')).toBe('localhost,.example\n');
    } finally {
      delete process.env['no_proxy'];
    }
  });

  it('is made from the image that a system is mapped to', async () => {
    await using made = await provisioned({ images: 'other:1=debian:11' }, 'other:1');
    expect(await printed(made.environment, '. /etc/os-release; echo $VERSION_ID')).toBe('11\n');
  });

  it('is put on the network that is named', async () => {
    await using made = await provisioned({ network: 'none' });
    expect(await printed(made.environment, 'ls /sys/class/net')).toBe('lo\n');
  });

  it('is not left behind when its network does not exist', async () => {
    const [runner, mine] = [dockerRunner({ network: 'no-such-network-xyz' }), lease()];
    await expect(runner.provision(spec('debian:12'), { lease: mine })).rejects.toMatchObject({
      code: 'runner_unavailable',
      message: expect.stringContaining('no-such-network-xyz'),
    });
    const left = await Array.fromAsync(runner.list());
    expect(left.filter((one) => one.lease.taskId === mine.taskId)).toEqual([]);
  });
});

describe('an image that is not here', () => {
  it('is not pulled when pull is never, and the error says what to do', async () => {
    const provisioning = dockerRunner({ pull: 'never' }).provision(spec('debian:sid'), { lease: lease() });
    await expect(provisioning).rejects.toMatchObject({
      code: 'image_unavailable',
      message: expect.stringMatching(/debian:sid .*is not here.*alts image build debian:sid/),
    });
  });

  it('cannot be pulled where no registry answers: one sentence says why, and which can be built', async () => {
    const images = { 'other:1': 'localhost:9/no/such:1' };
    const provisioning = dockerRunner({ images }).provision(spec('other:1'), { lease: lease() });
    const error = await provisioning.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'image_unavailable',
      message: expect.stringMatching(
        /^cannot pull the image localhost:9\/no\/such:1 for other:1: .*refused.*debian:12/,
      ),
    });
    expect((error as Error).message).not.toContain('\n');
  });

  it('is not the one here when that is for another architecture', async () => {
    const other = process.arch === 'x64' ? 'aarch64' : 'x86_64';
    const provisioning = dockerRunner({ pull: 'never' }).provision(spec(`debian:12/${other}`), { lease: lease() });
    await expect(provisioning).rejects.toMatchObject({ code: 'image_unavailable' });
  });
});

describe('an engine that goes away', () => {
  it('is environment_lost for the command that runs, and for the next', async () => {
    await using proxy = await socketProxy();
    await using made = await provisioned({ host: proxy.host });
    const running = made.environment.exec(['sh', '-c', 'echo x; exec sleep 600'], { onOutput: () => proxy.cut() });
    await expect(running).rejects.toMatchObject({ code: 'environment_lost' });
    await expect(made.environment.exec(['true'])).rejects.toMatchObject({ code: 'environment_lost' });
    await expect(Array.fromAsync(made.environment.read(['/etc/passwd']))).rejects.toMatchObject({
      code: 'environment_lost',
    });
  });

  it('is runner_unavailable for what is still to come', async () => {
    await using proxy = await socketProxy();
    const runner = dockerRunner({ host: proxy.host });
    await expect(runner.probe?.()).resolves.toMatch(/^Docker Engine \S+ at unix:\/\/\S+ \(linux\/\w+\)$/);
    proxy.cut();
    const provisioning = runner.provision(spec('debian:12'), { lease: lease() });
    await expect(provisioning).rejects.toMatchObject({ code: 'runner_unavailable' });
    await expect(Array.fromAsync(runner.list())).rejects.toMatchObject({ code: 'runner_unavailable' });
    await expect(runner.remove('x')).rejects.toMatchObject({ code: 'runner_unavailable' });
  });

  it('is named with what was tried when none answers from the beginning', async () => {
    const runner = dockerRunner({ host: 'unix:///no/such/docker.sock' });
    await expect(runner.probe?.()).rejects.toMatchObject({
      code: 'runner_unavailable',
      message: expect.stringMatching(/tried unix:\/\/\/no\/such\/docker\.sock \(option host\): .*ENOENT/),
    });
  });
});

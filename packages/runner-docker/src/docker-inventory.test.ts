import { describe, expect, it } from 'vitest';
import { inventoryOf } from './docker-inventory.ts';

const of = (address: string, certificates?: string) => inventoryOf('abc', { address, certificates });

describe('how ansible reaches a container', () => {
  it('is by the docker program, as the superuser', () => {
    const usual = {
      ansible_connection: 'community.docker.docker',
      ansible_host: 'abc',
      ansible_user: 'root',
    };
    expect(of('unix:///var/run/docker.sock')).toEqual(usual);
    expect(of('/var/run/docker.sock')).toEqual(usual);
  });

  it.each([
    ['/run/podman/podman.sock', '-H unix:///run/podman/podman.sock'],
    ['unix:///run/user/1/docker.sock', '-H unix:///run/user/1/docker.sock'],
    ['http://engine.example:2375', '-H tcp://engine.example:2375'],
  ])('names the engine at %s', (address, args) => {
    expect(of(address)).toMatchObject({ ansible_docker_extra_args: args });
  });

  it('has the certificates of an engine with TLS', () => {
    expect(of('tcp://engine.example:2376', '/c')?.['ansible_docker_extra_args']).toBe(
      '-H tcp://engine.example:2376 --tlsverify --tlscacert=/c/ca.pem --tlscert=/c/cert.pem --tlskey=/c/key.pem',
    );
  });

  it.each(['/a socket', '/{{ x }}'])('cannot be said of %s', (address) => {
    expect(of(address)).toBeUndefined();
  });
});

import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';

/** Ends the request; what the engine makes of it is not known then. */
interface Abort {
  abortSignal?: AbortSignal;
}

export const abortOn = (signal: AbortSignal | undefined): Abort => (signal ? { abortSignal: signal } : {});

/** What an exec is, once it is made. */
export interface EngineExec {
  start(options: { hijack: true; stdin: boolean }): Promise<Duplex>;
  inspect(): Promise<{ Running: boolean; ExitCode: number | null }>;
}

/** What is asked of one container. */
export interface EngineContainer {
  readonly id: string;
  start(): Promise<unknown>;
  inspect(options?: Abort): Promise<{
    Platform?: string;
    State: { Running: boolean; OOMKilled: boolean; ExitCode: number };
  }>;
  exec(options: Docker.ExecCreateOptions): Promise<EngineExec>;
  changes(): Promise<unknown>;
  remove(options: Abort & { force: boolean; v: boolean }): Promise<unknown>;
  wait(options: Abort & { condition: 'removed' }): Promise<unknown>;
}

/** What is asked of one image. */
export interface EngineImage {
  inspect(): Promise<{ Id: string; Architecture: string; RepoDigests?: string[] | undefined }>;
  tag(options: { repo: string; tag: string }): Promise<unknown>;
  remove(): Promise<unknown>;
}

/** All that we need of an engine: what dockerode does beyond it must not matter. */
export interface Engine {
  ping(options?: Abort): Promise<unknown>;
  version(options?: Abort): Promise<{ Version: string; Os: string; Arch: string }>;
  info(options?: Abort): Promise<{ DockerRootDir?: string }>;
  createContainer(options: Docker.ContainerCreateOptions): Promise<EngineContainer>;
  getContainer(id: string): EngineContainer;
  listContainers(
    options: Abort & { all: boolean; filters: { label: string[] } },
  ): Promise<{ Id: string; Labels: Record<string, string> }[]>;
  getImage(name: string): EngineImage;
  listImages(): Promise<
    { Id: string; Size: number; RepoTags?: string[] | undefined; Labels?: Record<string, string> | undefined }[]
  >;
  importImage(
    tar: NodeJS.ReadableStream,
    options: { repo: string; tag: string; changes?: string[]; platform?: string },
  ): Promise<NodeJS.ReadableStream>;
  pull(name: string, options: { abortSignal: AbortSignal; platform?: string }): Promise<NodeJS.ReadableStream>;
  readonly modem: {
    followProgress(
      stream: NodeJS.ReadableStream,
      onFinished: (error: Error | null) => void,
      onStep: (step: { status?: string; progress?: string; id?: string; error?: string }) => void,
    ): void;
  };
}

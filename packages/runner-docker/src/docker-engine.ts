import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';

/** What an exec is, once it is made. */
export interface EngineExec {
  start(options: { hijack: true; stdin: boolean }): Promise<Duplex>;
  inspect(): Promise<{ Running: boolean; ExitCode: number | null }>;
}

/** What is asked of one container. */
export interface EngineContainer {
  readonly id: string;
  start(): Promise<unknown>;
  inspect(): Promise<{
    Platform?: string;
    State: { Running: boolean; OOMKilled: boolean; ExitCode: number };
  }>;
  exec(options: Docker.ExecCreateOptions): Promise<EngineExec>;
  changes(): Promise<unknown>;
  remove(options: { force: boolean; v: boolean }): Promise<unknown>;
  wait(options: { condition: 'removed' }): Promise<unknown>;
}

/** What is asked of one image. */
export interface EngineImage {
  inspect(): Promise<{ Id: string; Architecture: string; RepoDigests?: string[] | undefined }>;
  tag(options: { repo: string; tag: string }): Promise<unknown>;
  remove(): Promise<unknown>;
}

/** All that we need of an engine: what dockerode does beyond it must not matter. */
export interface Engine {
  ping(options?: { abortSignal?: AbortSignal }): Promise<unknown>;
  version(): Promise<{ Version: string; Os: string; Arch: string }>;
  createContainer(options: Docker.ContainerCreateOptions): Promise<EngineContainer>;
  getContainer(id: string): EngineContainer;
  listContainers(options: {
    all: boolean;
    filters: { label: string[] };
  }): Promise<{ Id: string; Labels: Record<string, string> }[]>;
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

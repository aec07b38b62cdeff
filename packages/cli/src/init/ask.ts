import type { Readable, Writable } from 'node:stream';
import { messageOf } from '@holdfast/core';
import { describe, isReplicated, nameOf, versionOf } from './draft.ts';
import type { Flags } from './flags.ts';
import {
  assertNamedOnce,
  exampleImage,
  parseImage,
  parsePort,
  parseReady,
  parseVolume,
  type NamedPort,
} from './parse.ts';

/** Where questions are asked, and what ends them early. */
export interface Terminal {
  input: Readable;
  output: Writable;
  signal: AbortSignal;
}

/** Thrown within, when somebody would rather not answer. */
class Cancelled extends Error {}

interface Question {
  /** What stands there already, to be taken or changed. */
  initial?: string;
  /** What an answer looks like. */
  example?: string;
  /** Throws for an answer that is none. */
  check?: (answer: string) => unknown;
}

function words(answer: string): string[] {
  return answer.split(/[\s,]+/).filter((word) => word !== '');
}

/** What is wrong with an answer, in one line below it. */
function complaint(answer: string, check: Question['check']): string | undefined {
  try {
    check?.(answer);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function needed(answer: string): void {
  if (answer.trim() === '') throw new Error('this cannot be left out');
}

function wholeNumber(answer: string): void {
  if (!/^\d+$/.test(answer)) throw new Error('this takes a whole number');
}

async function asker(terminal: Terminal) {
  const { isCancel, select, text } = await import('@clack/prompts');
  return {
    async text(message: string, { initial, example, check }: Question): Promise<string> {
      const answer = await text({
        ...terminal,
        message,
        ...(initial === undefined ? {} : { initialValue: initial }),
        ...(example === undefined ? {} : { placeholder: example }),
        validate: (given) => complaint(given ?? '', check),
      });
      if (isCancel(answer)) throw new Cancelled();
      return answer.trim();
    },
    async choice(message: string, values: readonly string[]): Promise<string> {
      const options = values.map((value) => ({ value }));
      const answer = await select({ ...terminal, message, options });
      if (isCancel(answer)) throw new Cancelled();
      return answer;
    },
  };
}

type Asker = Awaited<ReturnType<typeof asker>>;

/** What the application is. */
async function askIdentity(ask: Asker, flags: Flags, dir: string) {
  const name = flags.name ?? (await ask.text('Name', { initial: nameOf(dir), check: needed }));
  const description =
    flags.description ??
    (await ask.text('Description, in one line', { initial: describe(name), check: needed }));
  const image =
    flags.image ?? (await ask.text('Image', { example: exampleImage, check: parseImage }));
  const version = { initial: versionOf(image) ?? '', check: needed };
  const appVersion = flags.appVersion ?? (await ask.text('Version of the application', version));
  return { name, description, image, appVersion };
}

/** How many run it, and as whom. */
async function askPods(ask: Asker, flags: Flags, workloads: readonly string[]) {
  const workload = flags.workload ?? (await ask.choice('Workload', workloads));
  const count = { initial: '1', check: wholeNumber };
  const replicas =
    flags.replicas ?? (isReplicated(workload) ? await ask.text('Replicas', count) : undefined);
  const who = { initial: '1001', check: wholeNumber };
  const user = flags.user ?? (await ask.text('Numeric user that the image runs as', who));
  return { workload, ...(replicas === undefined ? {} : { replicas }), user };
}

/** What they listen on and keep. */
async function askPortsAndVolumes(ask: Asker, flags: Flags) {
  const toPorts = (answer: string) => {
    const ports = words(answer).map(parsePort);
    assertNamedOnce('port', ports);
    return ports;
  };
  const ports = { example: 'http=8080, metrics=9090', check: toPorts };
  const port = flags.port ?? words(await ask.text('Ports, as NAME=NUMBER, if any', ports));
  const volumes = {
    example: 'data=/var/lib/data:1Gi',
    check: (answer: string) => {
      assertNamedOnce('volume', words(answer).map(parseVolume));
    },
  };
  const volume =
    flags.volume ??
    words(await ask.text('Volumes that keep their content, as NAME=PATH:SIZE, if any', volumes));
  return { port, volume };
}

async function askReadiness(ask: Asker, flags: Flags, ports: readonly NamedPort[]) {
  if (flags.ready !== undefined) return { ready: flags.ready };
  const main = ports.find(({ protocol }) => protocol === 'TCP');
  if (main === undefined) return {};
  const ready = await ask.text('A pod serves when: tcp:PORT or http:PORT/PATH', {
    initial: `tcp:${main.name}`,
    check: (answer) => parseReady(answer, ports),
  });
  return { ready };
}

/**
 * Asks for all that the options do not say.
 *
 * @param workloads the kinds to choose from, the first by default
 * @returns the options with the answers; undefined when somebody ended it (Ctrl-C), or the signal did
 */
export async function ask(
  dir: string,
  flags: Flags,
  workloads: readonly string[],
  terminal: Terminal,
): Promise<Flags | undefined> {
  try {
    const asked = await asker(terminal);
    const identity = await askIdentity(asked, flags, dir);
    const pods = await askPods(asked, flags, workloads);
    const kept = await askPortsAndVolumes(asked, flags);
    const readiness = await askReadiness(asked, flags, kept.port.map(parsePort));
    return { ...identity, ...pods, ...kept, ...readiness };
  } catch (error) {
    if (error instanceof Cancelled) return undefined;
    throw error;
  }
}

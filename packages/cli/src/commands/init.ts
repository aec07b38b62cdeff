import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { badInput, exitCode, HoldfastError, isThere } from '@holdfast/core';
import { appSchema, generateChart, type GeneratedChart } from '@holdfast/generator';
import { ask } from '../init/ask.ts';
import { draftOf } from '../init/draft.ts';
import { nameFlags, type Flags, type InitOptions } from '../init/flags.ts';
import { printDefinition } from '../init/print.ts';
import { printJson, printNotice, printResult } from '../output.ts';
import { assertWritableFolder } from '../paths.ts';
import { commandLine } from '../shell.ts';
import type { Stop } from '../signals.ts';
import { isDrawable } from '../terminal.ts';

/** What a shell takes for a command that Ctrl-C ended. */
const interrupted = 130;

const repository = fileURLToPath(new URL('../../../..', import.meta.url));

/** The schema of app.yaml as an editor finds it: in this repository, or by its address outside. */
async function schemaFor(dir: string): Promise<string> {
  const file = join(repository, 'packages/generator/src/app.schema.json');
  const isInside = resolve(dir).startsWith(repository);
  if (isInside && (await isThere(file))) return relative(dir, file).split(sep).join('/');
  const { $id } = appSchema() as { $id: string };
  return $id;
}

function workloads(): string[] {
  const { definitions } = appSchema() as {
    definitions: { role: { properties: { workload: { enum: string[] } } } };
  };
  return definitions.role.properties.workload.enum;
}

function alreadyThere(file: string) {
  const hint = 'edit it, or name another folder';
  return badInput('there is an app.yaml already', { object: file, hint });
}

/** Generates the chart of a definition that nobody has yet; its errors name the options. */
async function generateFrom(text: string, flags: Flags, file: string): Promise<GeneratedChart> {
  const scratch = await mkdtemp(join(tmpdir(), 'holdfast-init-'));
  try {
    await writeFile(join(scratch, 'app.yaml'), text);
    return await generateChart(scratch);
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.kind !== 'badInput') throw error;
    const { message, object = file, hint } = error;
    throw badInput(nameFlags(message, flags), {
      object: object.endsWith('app.yaml') ? file : nameFlags(object, flags),
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function write(dir: string, file: string, text: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? alreadyThere(file) : error;
  });
}

/** Is there somebody to ask? */
function isAnswered({ yes, json }: InitOptions): boolean {
  return process.stdin.isTTY && isDrawable(process.stderr) && yes !== true && json !== true;
}

/**
 * `holdfast init`: writes an app.yaml to go on with, of which a chart can be generated at once.
 *
 * @param dir folder that it is written into
 * @returns what the process exits with
 * @throws HoldfastError (badInput) for an option that is wrong or missing, and where there is an app.yaml
 */
export async function init(dir: string, options: InitOptions, stop: Stop): Promise<number> {
  const file = join(dir, 'app.yaml');
  if (await isThere(file)) throw alreadyThere(file);
  await assertWritableFolder('holdfast init', dir);
  const terminal = { input: process.stdin, output: process.stderr, signal: stop.signal };
  const flags = isAnswered(options) ? await ask(dir, options, workloads(), terminal) : options;
  stop.signal.throwIfAborted();
  if (flags === undefined) {
    printNotice('nothing was written');
    return interrupted;
  }
  const draft = draftOf(flags, dir);
  const text = printDefinition(draft, await schemaFor(dir));
  const chart = await generateFrom(text, flags, file);
  stop.signal.throwIfAborted();
  await write(dir, file, text);
  const next = commandLine(['holdfast', 'generate', dir]);
  if (options.json === true) printJson({ name: chart.name, file, next });
  else printResult(`wrote ${file}\nnext: ${next}`);
  return exitCode.ok;
}

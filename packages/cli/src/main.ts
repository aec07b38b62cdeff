#!/usr/bin/env node
import { keepCompiledCode } from './compile-cache.ts';

keepCompiledCode();
const { run } = await import('./run.ts');
process.exit(await run(process.argv.slice(2)));

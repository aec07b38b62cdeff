/** What stands below a command's help: command lines, each with what it does. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}

/** The contract of every command's exit code. */
export const exits = `
Exit code: 0 all is well, 1 something was found wrong, 2 the input is bad, 3 there is no verdict,
because the environment lacks something (the message says what to do).
`;

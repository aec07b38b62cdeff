/** A name with dashes as a key of values: "hot-data" is "hotData". */
export function camelCase(name: string): string {
  return name.replaceAll(/-+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

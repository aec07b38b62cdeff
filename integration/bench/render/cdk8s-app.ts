import { readFile } from 'node:fs/promises';
import { ApiObject, type ApiObjectProps, App, Chart } from 'cdk8s';

/**
 * The least cdk8s program that makes the given objects: no classes for their kinds, no code that
 * computes a field, only data that is read and handed on. A program that somebody maintains does more.
 *
 * It is compared with the generation of a chart that `helm template` renders to the same objects. The
 * chart is more than that: it renders to others for other values, and brings its schema, its README
 * and its tests along.
 *
 * @param file JSON: a list of Kubernetes objects
 * @param outdir where `synth()` writes
 */
export async function cdk8sApp(file: string, outdir?: string): Promise<App> {
  const objects = JSON.parse(await readFile(file, 'utf8')) as ApiObjectProps[];
  const app = new App(outdir === undefined ? {} : { outdir });
  const chart = new Chart(app, 'objects');
  for (const [index, object] of objects.entries()) new ApiObject(chart, `object-${index}`, object);
  return app;
}

import { Ajv, type ValidateFunction } from 'ajv';
import { badInput, messageOf } from '@holdfast/core';
import { defaultFindings } from './bake.ts';
import { errorOf } from './finding.ts';
import { defaultsOf } from './values-print.ts';
import type { Values } from './values.ts';

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  strict: false,
  validateFormats: false,
  // The schemas are ours, and each is for one use.
  meta: false,
  validateSchema: false,
  code: { optimize: false },
});
const validators = new Map<string, ValidateFunction>();

/** Compiles the schema of a chart's values, once for each text. */
function validatorOf(schema: string): ValidateFunction {
  const there = validators.get(schema);
  if (there) return there;
  try {
    const validate = ajv.compile(JSON.parse(schema) as object);
    validators.set(schema, validate);
    return validate;
  } catch (cause) {
    throw badInput(`the schemas of the values are no JSON Schema: ${messageOf(cause)}`, {
      object: 'values.yaml',
      hint: 'see the values and rules of the application and of the features',
      cause,
    });
  }
}

/**
 * The schema must accept the defaults, or `helm install` without values would fail.
 *
 * @param given the file with an organisation's defaults, where some are its own
 * @throws HoldfastError (badInput) that names file, line and key of a default of the organisation's, or
 *   the key of one of ours
 */
export function checkDefaults(
  values: Values,
  schema: string,
  given?: { file: string; text: string },
): void {
  const validate = validatorOf(schema);
  if (validate(defaultsOf(values.properties))) return;
  const errors = validate.errors ?? [];
  const theirs = given ? defaultFindings(errors, given.file, given.text) : [];
  if (given && theirs.length > 0) throw errorOf(given.file, theirs);
  const error = errors.find(({ keyword }) => keyword !== 'if') ?? errors[0];
  const key = (error?.instancePath ?? '').slice(1).replaceAll('/', '.');
  throw badInput(`a default is not what its own schema asks for: ${error?.message ?? ''}`, {
    object: `values ${key}`,
  });
}

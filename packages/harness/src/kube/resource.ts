/** Where objects of one kind live in the API, and as which type their JSON is read. */
export interface Resource<T> {
  /** "/api/v1" or "/apis/GROUP/VERSION". */
  base: string;
  plural: string;
  namespaced: boolean;
  /** Never set: it carries the type of the objects. */
  shape?: T;
}

/** The path of all objects of a kind, of one namespace where the kind is namespaced. */
export function collectionPath(resource: Resource<unknown>, namespace?: string): string {
  const scope =
    resource.namespaced && namespace !== undefined
      ? `/namespaces/${encodeURIComponent(namespace)}`
      : '';
  return `${resource.base}${scope}/${resource.plural}`;
}

/** The path of one object. */
export function objectPath(resource: Resource<unknown>, name: string, namespace?: string): string {
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
}

/** The path under which the API server answers for an apiVersion: "v1" is the core group. */
export function basePath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

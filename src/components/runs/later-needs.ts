import { type Json, listReferences } from '../../core';
import { describeReference, type Naming } from '../shared/reference-label';

export interface LaterNeeds {
  /** What later steps use, by the names people know. */
  labels: string[];
  /** An output with those values left empty, to be filled in. */
  skeleton: Json;
}

/** What other steps use of a step's output; `null` when they use nothing. */
export function laterNeeds(nodeId: string, naming: Naming): LaterNeeds | null {
  const found = naming.definition.nodes
    .filter((node) => node.id !== nodeId && !node.disabled)
    .flatMap((node) => listReferences(node.config))
    .flatMap(({ part }) => (part.kind === 'reference' ? [part.reference] : []))
    .filter(({ root, path }) => root === 'step' && path[0] === nodeId);
  if (found.length === 0) return null;
  const labels = found.map((reference) => {
    const { group, field } = describeReference(reference, naming);
    return field || group;
  });
  const skeleton = found.reduce<Json>((json, { path }) => withPath(json, path.slice(2)), {});
  return { labels: [...new Set(labels)], skeleton };
}

/** A copy in which a path leads to something: an empty text, or what is there. */
function withPath(json: Json, [key, ...rest]: readonly (string | number)[]): Json {
  if (key === undefined) return json;
  const below = (inner: Json | undefined) =>
    rest.length === 0 ? (inner ?? '') : withPath(inner ?? {}, rest);
  if (typeof key === 'number') {
    const list = Array.isArray(json) ? json : [];
    return Array.from({ length: Math.max(list.length, key + 1) }, (_, index) =>
      index === key ? below(list[index]) : (list[index] ?? null),
    );
  }
  const object = typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
  return { ...object, [key]: below(object[key]) };
}

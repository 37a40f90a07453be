import type { AnyBlock, BlockLookup, ProviderDefinition } from '../../core';
import type { Locale } from '../shared/translate';

export interface BlockGroup {
  provider: ProviderDefinition;
  blocks: AnyBlock[];
}

/**
 * Blocks that match a search, under their providers; a search looks at names, descriptions and providers in the reader's language.
 * What bears the words in its name comes first.
 */
export function groupBlocks(
  blocks: BlockLookup,
  providers: ReadonlyMap<string, ProviderDefinition>,
  kind: AnyBlock['kind'],
  query: string,
  locale: Locale,
): BlockGroup[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const hasAll = (text: string) => words.every((word) => fold(text).includes(word));
  const isNamed = (block: AnyBlock) => hasAll(block.label[locale]);
  return [...providers.values()]
    .map((provider) => ({
      provider,
      blocks: [...blocks.values()].filter((block) => {
        if (block.kind !== kind || block.provider !== provider.id) return false;
        return hasAll(`${block.label[locale]} ${block.description[locale]} ${provider.label[locale]}`);
      }),
    }))
    .filter((group) => group.blocks.length > 0)
    .map((group) => ({ ...group, blocks: firstWhere(group.blocks, isNamed) }))
    .sort((a, b) => Number(b.blocks.some(isNamed)) - Number(a.blocks.some(isNamed)));
}

const firstWhere = <T>(items: readonly T[], isFirst: (item: T) => boolean): T[] =>
  [...items].sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)));

/** Lower case without accents: "e" finds "è". */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

/** Whether steps of a provider cannot run for lack of a connection; `connections` absent means nobody asked. */
export function isDisconnected(
  provider: ProviderDefinition,
  connections: ReadonlySet<string> | undefined,
): boolean {
  return provider.auth.type === 'oauth2' && connections !== undefined && !connections.has(provider.id);
}

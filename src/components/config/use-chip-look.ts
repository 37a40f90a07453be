import { useMemo } from 'react';
import { parseTemplate } from '../../core';
import { describeReference, referenceText } from '../shared/reference-label';
import { useConfig } from './config-context';
import type { ChipLook } from './template-dom';

/** Names references for people, and marks those that nothing before this step gives. */
export function useChipLook(): ChipLook {
  const { naming, groups } = useConfig();
  return useMemo(() => {
    const known = new Set(groups.map((group) => group.nodeId));
    return (source) => {
      const [part] = parseTemplate(source);
      if (part?.kind !== 'reference') return { text: source, title: source, isBroken: true };
      const label = describeReference(part.reference, naming);
      const { root } = part.reference;
      const isBroken =
        (root === 'trigger' || root === 'step') && (label.nodeId === null || !known.has(label.nodeId));
      const text = referenceText(label) + (part.reference.filters.length > 0 ? ' ƒ' : '');
      return { text, title: isBroken ? naming.t('field.unknownReference', { source }) : source, isBroken };
    };
  }, [naming, groups]);
}

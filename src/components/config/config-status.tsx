import type { Issue } from '../../core';
import { countIssues } from '../shared/issue-text';
import { useTexts } from '../shared/provider';
import { plural } from '../shared/translate';
import { Pill } from '../shared/ui';
import { configMessages } from './messages';

/** Whether the step is ready, in the dialog's footer. */
export function ConfigStatus({ issues }: { issues: readonly Issue[] }) {
  const t = useTexts(configMessages);
  const { errors, warnings } = countIssues(issues);
  if (errors > 0) {
    return (
      <Pill tone="bad" dot>
        {t(`config.toFix.${plural(errors)}`, { count: errors })}
      </Pill>
    );
  }
  if (warnings > 0) {
    return (
      <Pill tone="warn" dot>
        {t(`config.warnings.${plural(warnings)}`, { count: warnings })}
      </Pill>
    );
  }
  return (
    <Pill tone="ok" dot>
      {t('config.ready')}
    </Pill>
  );
}

import type { Issue } from '../../core';
import { Icon } from '../shared/icons';
import { countIssues, issueLine } from '../shared/issue-text';
import { useTexts, useTrama } from '../shared/provider';
import { plural } from '../shared/translate';
import { IconButton, Pill } from '../shared/ui';
import { builderMessages } from './messages';
import type { Editor } from './use-editor';

export interface IssuePanelProps {
  editor: Editor;
  issues: readonly Issue[];
  onConnect: ((providerId: string) => void) | undefined;
  onClose: () => void;
}

/** Everything to sort out, errors first, each with the way to where it is mended. */
export function IssuePanel({ editor, issues, onConnect, onClose }: IssuePanelProps) {
  const { blocks, locale } = useTrama();
  const t = useTexts(builderMessages);
  const naming = { definition: editor.definition, blocks, locale, t };
  const sorted = [...issues].sort(
    (a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'),
  );
  return (
    <section className="trama-issues" aria-label={t('builder.issues.title')}>
      <header>
        <h3>{t('builder.issues.title')}</h3>
        <IssueCount issues={issues} />
        <span className="trama-grow" />
        <IconButton label={t('common.close')} onClick={onClose}>
          <Icon name="close" />
        </IconButton>
      </header>
      {sorted.length === 0 && <p className="trama-issues-none trama-muted">{t('builder.issues.empty')}</p>}
      <ul>
        {sorted.map((issue, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two issues may be the same but for their order
          <li key={`${issue.code}:${issue.nodeId}:${issue.path}:${index}`} data-severity={issue.severity}>
            <span className="trama-issues-mark" aria-hidden="true">
              !
            </span>
            <div>
              <p>{issueLine(issue, naming)}</p>
              <IssueActions issue={issue} editor={editor} onConnect={onConnect} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function IssueActions({
  issue,
  editor,
  onConnect,
}: Omit<IssuePanelProps, 'issues' | 'onClose'> & { issue: Issue }) {
  const { blocks, providers, locale } = useTrama();
  const t = useTexts(builderMessages);
  const node = editor.definition.nodes.find((candidate) => candidate.id === issue.nodeId);
  const provider = providers.get(blocks.get(node?.type ?? '')?.provider ?? '');
  const { edgeId } = issue;
  return (
    <p className="trama-issues-actions">
      {issue.code === 'provider_not_connected' && provider && onConnect && (
        <button type="button" className="trama-link" onClick={() => onConnect(provider.id)}>
          {t('palette.connectProvider', { provider: provider.label[locale] })}
        </button>
      )}
      {edgeId && (
        <button type="button" className="trama-link" onClick={() => editor.select({ edgeId })}>
          {t('builder.issues.goToConnection')}
        </button>
      )}
      {node && !edgeId && (
        <button type="button" className="trama-link" onClick={() => editor.open(node.id)}>
          {t('builder.issues.goTo')}
        </button>
      )}
    </p>
  );
}

/** `2 errori, 1 avviso` as pills. */
export function IssueCount({ issues }: { issues: readonly Issue[] }) {
  const t = useTexts(builderMessages);
  const { errors, warnings } = countIssues(issues);
  return (
    <>
      {errors > 0 && (
        <Pill tone="bad" dot>
          {t(`builder.issues.error.${plural(errors)}`, { count: errors })}
        </Pill>
      )}
      {warnings > 0 && (
        <Pill tone="warn" dot>
          {t(`builder.issues.warning.${plural(warnings)}`, { count: warnings })}
        </Pill>
      )}
    </>
  );
}

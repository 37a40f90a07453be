import { useId, useState } from 'react';
import type { Integration } from '../../core';
import { problemText } from '../shared/problem-text';
import { useTexts, useTrama } from '../shared/provider';
import { Button } from '../shared/ui';
import { accountMessages } from './account-messages';

/** Of the accounts a fresh connection opens, the one workflows shall use: nothing runs with the provider before. */
export function AccountChoice({ integration, onChosen }: { integration: Integration; onChosen: () => void }) {
  const { client, locale, providers } = useTrama();
  const t = useTexts(accountMessages);
  const { accounts } = integration;
  const [picked, setPicked] = useState<string | null>(null);
  // Connecting once more may offer others.
  const chosen = accounts.find(({ id }) => id === picked) ?? accounts[0];
  const [isSaving, setIsSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const name = useId();
  const what = providers.get(integration.provider)?.accountLabel?.[locale] ?? t('integrations.account');
  // A single one is used without asking, unless workflows have used another before.
  const isOther = accounts.length === 1;
  const take = async ({ id }: { id: string }) => {
    setIsSaving(true);
    setProblem(null);
    try {
      await client.chooseAccount({
        params: { provider: integration.provider },
        body: { accountId: id },
      });
      onChosen();
    } catch (error) {
      setProblem(problemText(error, t));
    }
    setIsSaving(false);
  };
  return (
    <div className="trama-account-choice">
      <fieldset>
        <legend>
          <b>{t(isOther ? 'integrations.otherAccount' : 'integrations.chooseAccount', { account: what })}</b>{' '}
          {t(isOther ? 'integrations.otherAccountText' : 'integrations.chooseAccountText', {
            provider: integration.label[locale],
          })}
        </legend>
        {accounts.map((account) => (
          <label key={account.id}>
            <input
              type="radio"
              name={name}
              checked={chosen === account}
              onChange={() => setPicked(account.id)}
            />
            {account.label}
          </label>
        ))}
      </fieldset>
      <Button variant="primary" disabled={isSaving || !chosen} onClick={() => chosen && void take(chosen)}>
        {isSaving
          ? t('integrations.choosing')
          : t('integrations.useAccount', { account: chosen?.label ?? '' })}
      </Button>
      {problem && (
        <p className="trama-card-verdict" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

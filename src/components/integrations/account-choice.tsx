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
  const [chosen, setChosen] = useState(integration.accounts[0]?.id ?? '');
  const [isSaving, setIsSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const name = useId();
  const what = providers.get(integration.provider)?.accountLabel?.[locale] ?? t('integrations.account');
  const label = integration.accounts.find(({ id }) => id === chosen)?.label ?? '';
  const take = async () => {
    setIsSaving(true);
    setProblem(null);
    try {
      await client.chooseAccount({
        params: { provider: integration.provider },
        body: { accountId: chosen },
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
          <b>{t('integrations.chooseAccount', { account: what })}</b>{' '}
          {t('integrations.chooseAccountText', { provider: integration.label[locale] })}
        </legend>
        {integration.accounts.map((account) => (
          <label key={account.id}>
            <input
              type="radio"
              name={name}
              checked={chosen === account.id}
              onChange={() => setChosen(account.id)}
            />
            {account.label}
          </label>
        ))}
      </fieldset>
      <Button variant="primary" disabled={isSaving || chosen === ''} onClick={() => void take()}>
        {isSaving ? t('integrations.choosing') : t('integrations.useAccount', { account: label })}
      </Button>
      {problem && (
        <p className="trama-card-verdict" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

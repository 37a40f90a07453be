import { useState } from 'react';
import type { Json } from '../../../core';
import { useConfig } from '../config-context';
import type { ControlProps, FieldOf } from './control';
import { SwitchableField } from './mode-switch';

/** A number or an amount, written as the reader's language writes it. What is no number yet is kept as typed. */
export function NumberField(props: ControlProps<FieldOf<'number'>>) {
  const { field, value, onChange } = props;
  const { naming, readOnly } = useConfig();
  return (
    <SwitchableField {...props}>
      {(parts) => (
        <div className="trama-field-box trama-number">
          {field.money && <span aria-hidden="true">€</span>}
          <NumberInput
            id={parts.id}
            inputMode={field.integer ? 'numeric' : 'decimal'}
            placeholder={
              field.default === undefined ? undefined : format(field.default as number, naming.locale)
            }
            value={value}
            isMoney={field.money}
            readOnly={readOnly}
            aria-describedby={parts.describedBy}
            aria-invalid={parts.isInvalid}
            onBlur={parts.onBlur}
            onValue={onChange}
          />
        </div>
      )}
    </SwitchableField>
  );
}

interface NumberInputProps extends Omit<React.InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange'> {
  value: Json | undefined;
  isMoney: boolean;
  onValue: (value: Json | undefined) => void;
}

function NumberInput({ value, isMoney, onValue, onBlur, ...rest }: NumberInputProps) {
  const { locale } = useConfig().naming;
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typeof value === 'number' ? format(value, locale, isMoney) : String(value ?? '');
  return (
    <input
      {...rest}
      type="text"
      className="trama-num"
      value={typed ?? shown}
      onChange={(event) => {
        setTyped(event.target.value);
        onValue(parseNumber(event.target.value, locale));
      }}
      onBlur={(event) => {
        setTyped(null);
        onBlur?.(event);
      }}
    />
  );
}

/** The number that was typed, else the text itself: the definition says what is wrong with it, nothing is dropped. */
export function parseNumber(text: string, locale: 'en' | 'it'): Json | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const [thousands, decimal] = locale === 'it' ? ['.', ','] : [',', '.'];
  // "1.5" in Italian is one and a half to whoever types it; only groups of three are thousands.
  const isGrouped = new RegExp(`^[+-]?\\d{1,3}(\\${thousands}\\d{3})+(\\${decimal}\\d*)?$`).test(trimmed);
  const plain = (isGrouped ? trimmed.replaceAll(thousands, '') : trimmed).replace(decimal, '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : text;
}

function format(value: number, locale: 'en' | 'it', isMoney = false): string {
  return new Intl.NumberFormat(locale === 'it' ? 'it-IT' : 'en-GB', {
    useGrouping: isMoney,
    minimumFractionDigits: isMoney ? 2 : 0,
    maximumFractionDigits: isMoney ? 2 : 12,
  }).format(value);
}

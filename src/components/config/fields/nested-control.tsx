import { type ComponentType, createContext, useContext } from 'react';
import type { ControlProps } from './control';

const NestedControlContext = createContext<ComponentType<ControlProps> | null>(null);

/** Gives the controls below the one that chooses among them. */
export const NestedControlProvider = NestedControlContext.Provider;

/**
 * A field inside another. Lists, records and objects hold any kind of field, themselves included; they reach the choosing control
 * through the context because importing it would close a circle.
 */
export function NestedControl(props: ControlProps) {
  const Control = useContext(NestedControlContext);
  if (!Control)
    throw new Error('NestedControl was rendered outside of ConfigForm. Wrap it in NestedControlProvider.');
  return <Control {...props} />;
}

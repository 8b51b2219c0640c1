import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { Monitor, Moon, Sun } from 'lucide-react';
import { setTheme, useTheme } from '../ui/theme.js';

const themes = [
  { value: 'light', text: 'Light', icon: Sun },
  { value: 'dark', text: 'Dark', icon: Moon },
  { value: 'system', text: 'As the system', icon: Monitor },
] as const;

export function ThemeSwitch() {
  const theme = useTheme();
  return (
    <RadioGroup
      className="theme-switch"
      aria-label="Colours"
      value={theme}
      onValueChange={(value) => {
        setTheme(value);
      }}
    >
      {themes.map(({ value, text, icon: Icon }) => (
        <Radio.Root
          key={value}
          value={value}
          className="theme-choice"
          aria-label={text}
          title={text}
        >
          <Icon aria-hidden="true" size={15} />
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}

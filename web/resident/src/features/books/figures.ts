import { useLanguage } from '@redproperty/shared/i18n/use-language';

/** Decimal strings of the API ("70.491757") for reading, in setup: nothing is computed, only rounded. */
export function useFigures() {
  const { locale } = useLanguage();
  const write = (text: string, digits: number, style: Intl.NumberFormatOptions = {}) =>
    new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits, ...style }).format(Number(text));
  return {
    /** One decimal. */
    points: (text: string) => write(text, 1),
    /** Two decimals, for means of 1 to 5. */
    mean: (text: string) => write(text, 2),
    /** With its sign, for a difference. */
    signed: (text: string) => write(text, 1, { signDisplay: 'exceptZero' }),
    percent: (text: string) => `${write(text, 1)}%`,
    /** Hundredths of a per cent. */
    weight: (hundredths: number) => `${write(String(hundredths / 100), 0)}%`,
  };
}

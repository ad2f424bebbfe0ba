/** The reasons for which personal data are read in clear, as the server names them. */
export const readReasons = ['visit', 'callback', 'emergency', 'inquiry', 'authority', 'roll', 'application', 'delivery', 'own_request', 'export'] as const;
export type ReadReason = (typeof readReasons)[number];

export function isReadReason(code: string): code is ReadReason {
  return (readReasons as readonly string[]).includes(code);
}

/** What browsers and systems call themselves to servers, where people know them by another name. */
const known: Record<string, [zh: string, en: string]> = {
  MicroMessenger: ['微信', 'WeChat'], DingTalk: ['钉钉', 'DingTalk'], HarmonyOS: ['鸿蒙', 'HarmonyOS'], Edg: ['Edge', 'Edge'], Macintosh: ['Mac', 'Mac'],
};

/** A log-in's browser and system as people call them, without what the server could not tell; empty where it could tell nothing. */
export function deviceName(device: string, language: string): string {
  const parts = device.split(' · ').filter((p) => p !== '' && p !== '?');
  return parts.map((p) => known[p]?.[language === 'en' ? 1 : 0] ?? p).join(' · ');
}

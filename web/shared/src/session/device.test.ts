import { describe, expect, it } from 'vitest';

import { deviceName } from './device';

describe('the name of a device', () => {
  it('is what people call the browser and the system', () => {
    expect(deviceName('MicroMessenger · Android', 'zh-CN')).toBe('微信 · Android');
    expect(deviceName('MicroMessenger · HarmonyOS', 'en')).toBe('WeChat · HarmonyOS');
    expect(deviceName('Edg · Macintosh', 'zh-CN')).toBe('Edge · Mac');
    expect(deviceName('Chrome · Windows', 'zh-CN')).toBe('Chrome · Windows');
  });

  it('leaves out what the server could not tell', () => {
    expect(deviceName('Chrome · ?', 'zh-CN')).toBe('Chrome');
    expect(deviceName('? · ?', 'zh-CN')).toBe('');
    expect(deviceName('', 'zh-CN')).toBe('');
  });
});

/**
 * A page's accent colour, made readable. The page names one colour; what is written on it and with it must keep the contrast
 * of WCAG 2.2 AA, also in the dark scheme that its author may never have seen.
 */

type Rgb = readonly [number, number, number];

const LEAST_CONTRAST = 4.5;
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** Takes the accent attributes over; a value that is no colour is ignored, as CSS does. */
export function takeAccent(frame: HTMLElement, names: Readonly<Record<string, string | null>>): void {
  for (const [property, value] of Object.entries(names)) {
    if (value && CSS.supports("color", value)) frame.style.setProperty(property, value);
    else frame.style.removeProperty(property);
  }
  keepReadable(frame);
}

function keepReadable(frame: HTMLElement): void {
  frame.style.removeProperty("--accent-ink");
  frame.style.removeProperty("--on-accent");
  const accent = colour(frame, "--accent");
  const onAccent = colour(frame, "--on-accent");
  const ground = colour(frame, "--raised");
  const ink = colour(frame, "--ink");
  if (!accent || !onAccent || !ground || !ink) return;
  if (contrast(accent, onAccent) < LEAST_CONTRAST) {
    frame.style.setProperty("--on-accent", css(contrast(accent, WHITE) >= contrast(accent, BLACK) ? WHITE : BLACK));
  }
  for (let share = 0; share <= 1; share += 0.1) {
    const mixed = mix(accent, ink, share);
    if (contrast(mixed, ground) < LEAST_CONTRAST) continue;
    if (share > 0) frame.style.setProperty("--accent-ink", css(mixed));
    return;
  }
}

/** A custom property as the browser computes it; null for colours outside sRGB, which are left as they are. */
function colour(frame: HTMLElement, property: string): Rgb | null {
  const probe = document.createElement("span");
  probe.style.color = `var(${property})`;
  frame.append(probe);
  const found = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(getComputedStyle(probe).color);
  probe.remove();
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : null;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((value, index) => Math.round(value + ((to[index] ?? 0) - value) * share)) as unknown as Rgb;
}

/** Contrast ratio after WCAG: 1 to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function css(rgb: Rgb): string {
  return `rgb(${rgb.join(" ")})`;
}

// GCJ-02, the datum of maps made in the country: off by hundreds of metres from WGS-84, in which everything is kept.
const AXIS_M = 6378245;
const FLATNESS = 0.006693421622965943;
const { PI, sin, cos, sqrt, abs } = Math;

/** A position of WGS-84, [latitude, longitude] in degrees, as maps of a datum have it. */
export function onMap([lat, lon], datum) {
  if (datum !== "GCJ-02") return [lat, lon];
  const x = lon - 105;
  const y = lat - 35;
  const waves = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves;
  north += ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3;
  north += ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves;
  east += ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3;
  east += ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  const phi = (lat / 180) * PI;
  const magic = 1 - FLATNESS * sin(phi) ** 2;
  return [
    lat + (north * 180) / ((AXIS_M * (1 - FLATNESS)) / (magic * sqrt(magic)) * PI),
    lon + (east * 180) / ((AXIS_M / sqrt(magic)) * cos(phi) * PI),
  ];
}

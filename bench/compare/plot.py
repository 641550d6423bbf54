"""Horizontal bars with whiskers of the middle half, as SVG."""
WIDTH, LEFT, LONGEST, LINE = 860, 210, 430, 30
OURS, SAME, OTHER = "#1f77b4", "#9a9a9a", "#d8a657"


def bars(title, rows):
    scale = LONGEST / max(row.high for row in rows)
    height = 56 + LINE * len(rows)
    other = any(row.own_weights for row in rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="12" y="24" font-size="15" font-weight="bold">{title}</text>',
    ]
    if other:
        parts.append(f'<text x="{WIDTH - 12}" y="24" text-anchor="end" fill="#8a6a20">other network, about as many weights</text>')
    for i, row in enumerate(rows):
        y = 44 + LINE * i
        color = OURS if row.name.startswith("xlstm4j") else OTHER if row.own_weights else SAME
        label = f"{row.middle:.0f}" if row.middle >= 100 else f"{row.middle:.1f}"
        if row.gigabytes:
            label += f" ({row.gigabytes:.1f} GB/s of weights)"
        parts += [
            f'<text x="{LEFT - 10}" y="{y + 15}" text-anchor="end">{row.name}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{row.middle * scale:.1f}" height="20" fill="{color}"/>',
            f'<line x1="{LEFT + row.low * scale:.1f}" y1="{y + 10}" x2="{LEFT + row.high * scale:.1f}" y2="{y + 10}" stroke="black"/>',
            f'<text x="{LEFT + 8 + row.high * scale:.1f}" y="{y + 15}">{label}</text>',
        ]
    return "\n".join(parts + ["</svg>", ""])

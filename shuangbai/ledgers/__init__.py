"""Any workbook that a station or bureau keeps, understood: its layout, its columns, its cells, its rows."""

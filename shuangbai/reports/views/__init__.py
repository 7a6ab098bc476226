"""Pages of the reports: the results report with its lists, one number, two periods, tables of one's own."""

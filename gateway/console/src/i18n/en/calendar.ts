// The school's year. In English.

export default {
  calendar: {
    title: "Calendar",
    intro: "Bells, holidays and moved workdays; the gates have them within seconds.",
    bells: "Bells of the classes",
    no_bells: "No bells are set yet.",
    arrive_by: "In by",
    leave_from: "Out from",
    closes: "Closes",
    new_class: "Class",
    add: "Add",
    save: "Save",
    schedules: "Schedules",
    days: "Holidays and moved workdays",
    no_days: "No day is unlike its weekday.",
    new_day: "Another day",
    name: "Name",
    name_hint: "Such as National Day",
    holds: "On that day",
    off: "Day off",
    works_as: "As {{day}}",
    set_day: "Set the day",
    remove: "As usual",
  },
};
